using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OtpPortal.Api.OpenApi;

/// <summary>Adds a route's <see cref="OperationDocs"/> to its operation.</summary>
internal static class Responses
{
    public static Task ApplyAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        var text = context.Description.ActionDescriptor.EndpointMetadata.OfType<OperationDocs>().Single();
        operation.Parameters = [.. text.Queries.Select(Query), .. text.Parameters.Select(Parameter)];
        if (operation.RequestBody?.Content?.Values.Single() is { } body)
        {
            body.Examples = Named(text.Requests, Json.Request);
        }

        operation.Responses ??= [];
        foreach (var success in text.Successes)
        {
            Succeed(operation.Responses[Number(success.Status)], success, document);
        }

        foreach (var status in text.Refusals.Distinct().GroupBy(kind => kind.Status).OrderBy(status => status.Key))
        {
            var refusal = Refusal(status.Key, [.. status], document);
            if (status.Key == StatusCodes.Status401Unauthorized)
            {
                AddUnauthorized(refusal, text, document);
            }

            operation.Responses[Number(status.Key)] = refusal;
        }

        operation.Security = [
            .. text.Security.Select(
                scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] })];
        return Task.CompletedTask;
    }

    /// <summary>The response to all refusals of one status.</summary>
    public static OpenApiResponse Refusal(int status, IReadOnlyList<ProblemDocs> kinds, OpenApiDocument document) => new()
    {
        Description = kinds is [var only] ? only.When : string.Join('\n', kinds.Select(kind => $"* {kind.Problem.Title}: {kind.When}")),
        Headers = Headers.Refer(Headers.OfRefusal(status), document),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            ["application/problem+json"] = new()
            {
                Schema = kinds is [var one] ? new OpenApiSchemaReference(one.Name, document) : OneOf(kinds, document),
                Examples = kinds.ToDictionary(
                    kind => kind.Name, IOpenApiExample (kind) => new OpenApiExampleReference(kind.Name, document)),
            },
        },
    };

    private static void AddUnauthorized(OpenApiResponse refusal, OperationDocs text, OpenApiDocument document)
    {
        refusal.Headers = Headers.Refer(
            [.. Headers.OfRefusal(StatusCodes.Status401Unauthorized), .. text.UnauthorizedHeaders], document);
        if (text.UnauthorizedPage is { } page)
        {
            refusal.Content!["text/html"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Examples = Named([new Example("page", "For browsers", page)], Json.Answer),
            };
        }
    }

    private static OpenApiSchema OneOf(IReadOnlyList<ProblemDocs> kinds, OpenApiDocument document) => new()
    {
        OneOf = [.. kinds.Select(kind => new OpenApiSchemaReference(kind.Name, document))],
        Discriminator = new OpenApiDiscriminator
        {
            PropertyName = "type",
            Mapping = kinds.ToDictionary(kind => kind.Problem.Type!, kind => new OpenApiSchemaReference(kind.Name, document)),
        },
    };

    private static void Succeed(IOpenApiResponse described, Success success, OpenApiDocument document)
    {
        var response = (OpenApiResponse)described;
        response.Description = success.Text;
        response.Headers = Headers.Refer(success.Headers, document);
        if (response.Content?.Values.SingleOrDefault() is { } body)
        {
            body.Examples = Named(success.Examples, Json.Answer);
        }
    }

    private static Dictionary<string, IOpenApiExample> Named(IEnumerable<Example> examples, Func<object, JsonNode> json) =>
        examples.ToDictionary(example => example.Name,
            IOpenApiExample (example) => new OpenApiExample { Summary = example.Text, Value = json(example.Body) });

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static IOpenApiParameter Query(QueryDocs query) => new OpenApiParameter
    {
        Name = query.Name,
        In = ParameterLocation.Query,
        Description = query.Text,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Enum = [.. query.Allowed.Select(value => (JsonNode)value)],
            Default = query.Value,
        },
        Example = query.Value,
    };

    private static IOpenApiParameter Parameter(HeaderDocs header) => new OpenApiParameter
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Description = header.Text,
        Schema = Headers.SchemaOf(header),
        Example = header.Value.DeepClone(),
    };
}
