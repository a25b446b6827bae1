using Microsoft.AspNetCore.Mvc;

namespace OtpPortal.Api.OpenApi;

/// <summary>A kind of refusal, told by a real one: what it looks like cannot differ from what is sent.</summary>
/// <param name="Name">The name of its schema, for generated clients.</param>
/// <param name="When">When it comes, and what a client can do; Markdown.</param>
/// <param name="Real">One as it goes out.</param>
internal sealed record ProblemDocs(string Name, string When, ProblemResult Real)
{
    /// <summary>Members beyond those of RFC 9457 that need not be there.</summary>
    public IReadOnlyList<string> Optional { get; init; } = [];

    /// <summary>The body of the real one.</summary>
    public ProblemDetails Problem => (ProblemDetails)Real.Value;

    /// <summary>Its status code.</summary>
    public int Status => Real.StatusCode!.Value;
}
