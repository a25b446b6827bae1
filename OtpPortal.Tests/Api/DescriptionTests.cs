using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>The description of the API: right in itself, complete, and with words and examples everywhere.</summary>
public sealed class DescriptionTests(ApiHost api) : IClassFixture<ApiHost>
{
    private ApiDescription Description => api.Description;

    [Fact]
    public void The_API_description_is_valid_OpenAPI_3_1()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(Description.Text, "json");

        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        Assert.StartsWith("3.1.", Description.Document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(Description.Operations.Count(), document!.Paths.Sum(path => path.Value.Operations!.Count));
    }

    [Fact]
    public void Every_reference_in_the_API_description_resolves()
    {
        var references = Nodes(Description.Document).OfType<JsonObject>().Select(node => node["$ref"]).OfType<JsonValue>()
            .Select(node => node.GetValue<string>()).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Description.Schemas.Find(reference)));
    }

    [Fact]
    public void The_API_description_has_every_route_and_no_other()
    {
        var mapped =
            from endpoint in api.Portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
            where ApiDescription.Covers(path)
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            where method != "HEAD"
            select $"{method} {path}";

        Assert.Equal(
            mapped.Order(), Description.Operations.Select(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}").Order());
    }

    [Fact]
    public void Every_operation_of_the_API_description_has_a_name_a_heading_and_a_text()
    {
        var headings = Description.Document["tags"]!.AsArray().Select(tag => Text(tag!["name"])).ToList();
        Assert.All(Description.Operations, known =>
        {
            var operation = known.Operation;
            Assert.InRange(Text(operation["summary"]).Length, 10, 70);
            Assert.InRange(Text(operation["description"]).Length, 40, 1000);
            Assert.Contains(Text(operation["tags"]![0]), headings);
            Assert.All(operation["responses"]!.AsObject(), response => Assert.NotEmpty(Text(response.Value!["description"])));
            Assert.All(operation["parameters"]?.AsArray() ?? [], parameter => Assert.NotEmpty(Text(parameter!["description"])));
        });
        Assert.Distinct(Description.Operations.Select(known => Text(known.Operation["operationId"])));
    }

    [Fact]
    public void Every_schema_of_the_API_description_is_strict_and_explains_each_member()
    {
        Assert.All(Description.Document["components"]!["schemas"]!.AsObject(), schema =>
        {
            Assert.False(schema.Value!["additionalProperties"]!.GetValue<bool>(), schema.Key);
            Assert.NotEmpty(Text(schema.Value["description"]));
            Assert.All(schema.Value["properties"]!.AsObject(), member =>
                Assert.True(
                    member.Value!["description"] is { } words && Text(words).Length > 0, $"{schema.Key}.{member.Key} has no description."));
        });
        Assert.All(
            Description.Document["components"]!["headers"]!.AsObject(), header => Assert.NotEmpty(Text(header.Value!["description"])));
    }

    [Fact]
    public void Every_request_and_response_of_the_API_description_has_examples_that_conform()
    {
        var bodies = Description.Operations.SelectMany(known => Bodies(known.Operation)
            .Select(body => (Name: $"{known.Method} {known.Path} {body.Name}", body.Media))).ToList();

        Assert.True(bodies.Count > 80, $"There are only {bodies.Count} bodies.");
        Assert.All(bodies, body =>
        {
            var examples = body.Media["examples"]?.AsObject();
            Assert.True(examples?.Count > 0, $"{body.Name} has no example.");
            Assert.All(examples!, example =>
                Assert.Empty(
                    Description.Schemas.Check(
                        body.Media["schema"]!, Description.Follow(example.Value!)["value"], $"{body.Name} {example.Key}")));
        });
    }

    [Fact]
    public void Every_route_of_the_API_description_has_the_refusals_that_all_give()
    {
        Assert.All(Description.Operations, known =>
        {
            var statuses = known.Operation["responses"]!.AsObject().Select(response => response.Key).ToList();
            Assert.Contains("500", statuses);
            Assert.Contains("503", statuses);
            Assert.Equal(known.Method == "post", statuses.Contains("403") && statuses.Contains("413") && statuses.Contains("415"));
            Assert.Equal(known.Operation["requestBody"] is not null, statuses.Contains("400") && statuses.Contains("429"));
        });
    }

    [Fact]
    public async Task The_API_description_is_cached_for_minutes_and_revalidated()
    {
        var whole = (await api.GetAsync(ApiDescription.Path)).Is(HttpStatusCode.OK);
        Assert.Equal("application/json", whole.MediaType);
        Assert.Equal((true, TimeSpan.FromMinutes(5)), (whole.Headers.CacheControl!.Public, whole.Headers.CacheControl.MaxAge));

        using var again = new HttpRequestMessage(HttpMethod.Get, ApiDescription.Path);
        again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        Assert.Empty((await api.SendAsync(again)).Is(HttpStatusCode.NotModified).Text);
    }

    [Fact]
    public async Task The_API_description_does_not_repeat_the_host_header_of_the_first_request()
    {
        await using var other = new ApiHost();
        other.Portal.UseKestrel(0);
        await other.Portal.StartAsync();
        using var client = new HttpClient { BaseAddress = other.Portal.ClientOptions.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiDescription.Path) { Headers = { Host = "evil.example.net" } };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(
            "evil", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, JsonNode Media)> Bodies(JsonNode operation)
    {
        var request = operation["requestBody"] is { } body ? new[] { ("request", body) } : [];
        return request.Concat(operation["responses"]!.AsObject().Select(response => (response.Key, response.Value!)))
            .Where(described => described.Item2["content"] is not null)
            .SelectMany(described => described.Item2["content"]!.AsObject()
            .Select(media => ($"{described.Item1} {media.Key}", media.Value!)));
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => node switch
    {
        JsonObject members => [node, .. members.Where(member => member.Value is not null).SelectMany(member => Nodes(member.Value!))],
        JsonArray items => [node, .. items.OfType<JsonNode>().SelectMany(Nodes)],
        _ => [node],
    };

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
