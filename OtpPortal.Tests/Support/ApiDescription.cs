using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OtpPortal.Tests.Support;

/// <summary>The portal's own description of its API, and the judge of whether an answer is as it says.</summary>
public sealed class ApiDescription(string text)
{
    public const string Path = "/openapi/v1.json";

    private static readonly JsonDocumentOptions Strictly = new() { AllowDuplicateProperties = false };
    private readonly JsonNode document = JsonNode.Parse(text)!;

    /// <summary>As it was served.</summary>
    public string Text { get; } = text;

    public JsonNode Document => document;

    public JsonSchema Schemas { get; } = new(JsonNode.Parse(text)!);

    /// <summary>Every operation: its path, its method in lower case and itself.</summary>
    public IEnumerable<(string Path, string Method, JsonNode Operation)> Operations =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!);

    public static async Task<ApiDescription> ReadAsync(HttpClient client) => new(await client.GetStringAsync(Path));

    /// <summary>Whether a path is one that the description speaks for.</summary>
    public static bool Covers(string path) =>
        path.StartsWith("/api", StringComparison.OrdinalIgnoreCase) || path.StartsWith("/.well-known", StringComparison.OrdinalIgnoreCase);

    /// <summary>What of an answer is not as described; nothing if all is.</summary>
    public IEnumerable<string> Check(HttpMethod method, string path, HttpResponseMessage answer, string body)
    {
        var status = (int)answer.StatusCode;
        if (Find(method, path, status) is not { } described)
        {
            return ["the description has no such answer"];
        }

        return CheckHeaders(described, answer).Concat(method == HttpMethod.Head ? [] : CheckBody(described, answer, body));
    }

    /// <summary>What a node is, or what it refers to.</summary>
    public JsonNode Follow(JsonNode node) => node["$ref"] is { } reference ? Schemas.Find(reference.GetValue<string>()) : node;

    private JsonNode? Find(HttpMethod method, string path, int status)
    {
        var name = method == HttpMethod.Head ? "get" : method.Method.ToLowerInvariant();
        var operation = Operations.FirstOrDefault(known =>
            known.Path.Equals(path.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
                && known.Method.Equals(name, StringComparison.Ordinal)).Operation;

        // Where there is no route, or not of this method, stands what the shared answers say.
        return operation is not null
            ? operation["responses"]![status.ToString(CultureInfo.InvariantCulture)]
            : document["components"]!["responses"]!.AsObject().Select(shared => shared.Value!)
                .FirstOrDefault(shared => StatusOf(shared) == status);
    }

    private int StatusOf(JsonNode shared) =>
        Follow(shared["content"]!["application/problem+json"]!["schema"]!)["properties"]!["status"]!["enum"]![0]!.GetValue<int>();

    private IEnumerable<string> CheckHeaders(JsonNode described, HttpResponseMessage answer)
    {
        foreach (var (name, reference) in described["headers"]?.AsObject() ?? [])
        {
            var header = Follow(reference!);
            if (!answer.Headers.TryGetValues(name, out var values) && !answer.Content.Headers.TryGetValues(name, out values))
            {
                yield return $"the header {name} is missing";
                continue;
            }

            var value = string.Join(", ", values);
            var isNumber = header["schema"]!["type"]!.GetValue<string>() == "integer"
                && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            foreach (var problem in Schemas.Check(header["schema"]!, isNumber ? JsonNode.Parse(value) : JsonValue.Create(value), name))
            {
                yield return problem;
            }
        }
    }

    private IEnumerable<string> CheckBody(JsonNode described, HttpResponseMessage answer, string body)
    {
        if (described["content"]?.AsObject() is not { } content)
        {
            return body.Length == 0 ? [] : ["there is a body where none is described"];
        }

        var type = answer.Content.Headers.ContentType?.MediaType ?? "none";
        if (content[type]?["schema"] is not { } schema)
        {
            return [$"the content type is {type} instead of {string.Join(" or ", content.Select(media => media.Key))}"];
        }

        try
        {
            var isText = type.StartsWith("text/", StringComparison.Ordinal);
            return Schemas.Check(schema, isText ? JsonValue.Create(body) : JsonNode.Parse(body, documentOptions: Strictly));
        }
        catch (JsonException failure)
        {
            return [$"the body is no JSON: {failure.Message}"];
        }
    }
}
