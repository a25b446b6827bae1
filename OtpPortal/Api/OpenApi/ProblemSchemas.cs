using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace OtpPortal.Api.OpenApi;

/// <summary>The schemas of refusals, one for each kind. They allow no other members.</summary>
internal static class ProblemSchemas
{
    public static OpenApiSchema Of(ProblemDocs kind)
    {
        var real = Json.Answer(kind.Problem).AsObject();
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = kind.When,
            Required = real.Select(member => member.Key).Except(kind.Optional).ToHashSet(),
            Properties = real.ToDictionary(member => member.Key, IOpenApiSchema (member) => Member(member.Key, member.Value!)),
            AdditionalPropertiesAllowed = false,
        };
    }

    private static OpenApiSchema Member(string name, JsonNode value) => name switch
    {
        "type" => Always("The kind of problem.", value, JsonSchemaType.String),
        "status" => Always("The status code of the response.", value, JsonSchemaType.Integer),
        "title" => Text("The kind of problem in a few words."),
        "detail" => Text("What went wrong, and what to do about it."),
        "traceId" => Text("The id with which the reason is found in the portal's log."),
        "attemptsLeft" => Number("The number of wrong codes after which the current code is no longer valid.", 0),
        "cooldownSeconds" => Number("Seconds after which to try again.", 0),
        "line" => Number("The line that could not be read, counted from one.", 1),
        "position" => Number("The byte in that line, counted from one.", 1),
        "errors" => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "For each invalid member, what is wrong with it and what to do.",
            AdditionalProperties = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                MinItems = 1,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
            },
            MinProperties = 1,
        },
        _ => throw new InvalidOperationException($"A problem has the member {name}, which is not described."),
    };

    private static OpenApiSchema Always(string text, JsonNode value, JsonSchemaType type) =>
        new() { Type = type, Description = text, Enum = [value.DeepClone()] };

    private static OpenApiSchema Text(string text) => new() { Type = JsonSchemaType.String, Description = text };

    private static OpenApiSchema Number(string text, int least) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Description = text,
        Minimum = least.ToString(CultureInfo.InvariantCulture),
    };
}
