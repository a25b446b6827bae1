using System.Text.Json.Nodes;

namespace OtpPortal.Api.OpenApi;

/// <summary>The documentation of one route: its text, its requests, and all of its responses.</summary>
/// <param name="Id">The operation's name, for generated clients.</param>
/// <param name="Tag">The heading in the document.</param>
/// <param name="Text">Everything else that a client has to know, in Markdown.</param>
internal sealed record OperationDocs(string Id, string Tag, string Summary, string Text)
{
    public IReadOnlyList<HeaderDocs> Parameters { get; init; } = [];

    public IReadOnlyList<QueryDocs> Queries { get; init; } = [];

    public IReadOnlyList<Example> Requests { get; init; } = [];

    /// <summary>The responses other than refusals.</summary>
    public required IReadOnlyList<Success> Successes { get; init; }

    /// <summary>All refusals of the route.</summary>
    public IReadOnlyList<ProblemDocs> Refusals { get; init; } = [];

    /// <summary>Additional headers of its 401, by the names in <see cref="Headers"/>.</summary>
    public IReadOnlyList<string> UnauthorizedHeaders { get; init; } = [];

    /// <summary>The page of its 401 for browsers; null if it has none.</summary>
    public string? UnauthorizedPage { get; init; }

    /// <summary>The security schemes, of which one is enough. Without any, the route is public.</summary>
    public IReadOnlyList<string> Security { get; init; } = [];
}

/// <summary>A response other than a refusal.</summary>
/// <param name="Text">When the route returns it.</param>
/// <param name="Examples">Examples of the body; empty if there is no body.</param>
internal sealed record Success(int Status, string Text, params IReadOnlyList<Example> Examples)
{
    /// <summary>Its headers, by their names in <see cref="Headers"/>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [OpenApi.Headers.NoStore];
}

/// <summary>An example of a body. In a request, members that are null are omitted.</summary>
/// <param name="Name">The key of the example among those of one body.</param>
internal sealed record Example(string Name, string Text, object Body);

internal sealed record HeaderDocs(string Name, string Text, JsonNode Value);

/// <summary>An optional query parameter.</summary>
/// <param name="Value">The default, which is also the example.</param>
internal sealed record QueryDocs(string Name, string Text, string Value, IReadOnlyList<string> Allowed);

internal static class OperationDocsExtensions
{
    public static RouteHandlerBuilder WithDocs(this RouteHandlerBuilder route, OperationDocs text) => route
        .WithName(text.Id)
        .WithTags(text.Tag)
        .WithSummary(text.Summary)
        .WithDescription(text.Text)
        .WithMetadata(text);
}
