using System.Net;
using System.Text.Json;

namespace OtpPortal.E2E.Support;

/// <summary>An answer of the portal, whole.</summary>
/// <param name="Path">What was asked for.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">All headers, each as often as it was sent.</param>
/// <param name="Text">The body.</param>
internal sealed record Reply(string Path, HttpStatusCode Status, IReadOnlyList<(string Name, string Value)> Headers, string Text)
{
    /// <summary>The body, where it is JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>A member of the body.</summary>
    public string this[string member] => Json.TryGetProperty(member, out var value) ? value.GetString()!
        : throw new InvalidOperationException($"{Path} answered no {member}: {Text}");

    public IEnumerable<string> SetCookies => Headers.Where(header => header.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value);

    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header =>
        header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>This answer, which must have that status.</summary>
    public Reply Is(HttpStatusCode expected)
    {
        Assert.True(Status == expected, $"{Path} answered {(int)Status} instead of {(int)expected}: {Text}");
        return this;
    }
}
