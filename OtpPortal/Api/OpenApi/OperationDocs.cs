using System.Text.Json.Nodes;

namespace OtpPortal.Api.OpenApi;

/// <summary>What the description says of one route: its words, what may be sent, and every answer that it gives.</summary>
/// <param name="Id">The operation's name, for generated clients.</param>
/// <param name="Tag">Under which heading it stands.</param>
/// <param name="Summary">One line.</param>
/// <param name="Text">What else a caller has to know; Markdown.</param>
internal sealed record OperationDocs(string Id, string Tag, string Summary, string Text)
{
    /// <summary>Headers of the request that it reads.</summary>
    public IReadOnlyList<HeaderDocs> Parameters { get; init; } = [];

    /// <summary>What may stand in the address behind the question mark.</summary>
    public IReadOnlyList<QueryDocs> Queries { get; init; } = [];

    /// <summary>Bodies that may be sent.</summary>
    public IReadOnlyList<Example> Requests { get; init; } = [];

    /// <summary>Answers that are no refusals.</summary>
    public required IReadOnlyList<Success> Successes { get; init; }

    /// <summary>Every refusal that it gives.</summary>
    public IReadOnlyList<ProblemDocs> Refusals { get; init; } = [];

    /// <summary>What its 401 carries beyond the usual, by the names in <see cref="Headers"/>.</summary>
    public IReadOnlyList<string> UnauthorizedHeaders { get; init; } = [];

    /// <summary>The page that its 401 is for browsers; null if it has none.</summary>
    public string? UnauthorizedPage { get; init; }

    /// <summary>The security schemes that it takes, each alone. None: it takes everybody.</summary>
    public IReadOnlyList<string> Security { get; init; } = [];
}

/// <summary>One answer that is no refusal.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Text">When it comes.</param>
/// <param name="Examples">Bodies; none if it has no body.</param>
internal sealed record Success(int Status, string Text, params IReadOnlyList<Example> Examples)
{
    /// <summary>The headers that it carries, by their names in <see cref="Headers"/>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [OpenApi.Headers.NoStore];
}

/// <summary>A body as it is sent. What is null in a request is left out.</summary>
/// <param name="Name">Its name among the examples of one body.</param>
/// <param name="Text">One line.</param>
/// <param name="Body">The object.</param>
internal sealed record Example(string Name, string Text, object Body);

/// <summary>A header.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Text">What it says.</param>
/// <param name="Value">An example.</param>
internal sealed record HeaderDocs(string Name, string Text, JsonNode Value);

/// <summary>An optional part of the query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">What it says.</param>
/// <param name="Value">What stands for it if it is left out, and the example.</param>
/// <param name="Allowed">All that it may be.</param>
internal sealed record QueryDocs(string Name, string Text, string Value, IReadOnlyList<string> Allowed);

/// <summary>Gives a route its text.</summary>
internal static class OperationDocsExtensions
{
    public static RouteHandlerBuilder WithDocs(this RouteHandlerBuilder route, OperationDocs text) => route
        .WithName(text.Id)
        .WithTags(text.Tag)
        .WithSummary(text.Summary)
        .WithDescription(text.Text)
        .WithMetadata(text);
}
