using Microsoft.AspNetCore.Mvc;

namespace OtpPortal.Api.OpenApi;

/// <summary>
/// The documentation of a kind of refusal. Its example is a real problem, so that the document cannot differ from the response.
/// </summary>
/// <param name="Name">The name of the schema, for generated clients.</param>
/// <param name="When">When the API returns it, and what a client can do, in Markdown.</param>
internal sealed record ProblemDocs(string Name, string When, ProblemResult Real)
{
    /// <summary>Optional members beyond those of RFC 9457.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    public ProblemDetails Problem => (ProblemDetails)Real.Value;

    public int Status => Real.StatusCode!.Value;
}
