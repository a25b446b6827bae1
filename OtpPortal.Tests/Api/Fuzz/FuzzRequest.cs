using System.Globalization;
using System.Text;

namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>A request that is wrong somewhere.</summary>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Body">The body, or null for none.</param>
public sealed record FuzzRequest(string Kind, HttpMethod Method, string Path, byte[]? Body)
{
    /// <summary>The content type, or null for none.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Headers besides. <c>{token}</c> in them is a good access token.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether the body goes out in chunks, with its length untold.</summary>
    public bool Chunked { get; init; }

    /// <summary>A body that is text goes out in UTF-8.</summary>
    public static FuzzRequest Of(FuzzRoute route, string kind, string? body) =>
        Of(route, kind, body is null ? null : Encoding.UTF8.GetBytes(body));

    public static FuzzRequest Of(FuzzRoute route, string kind, byte[]? body) =>
        new(kind, route.Method, route.Path, body) { Headers = route.NeedsToken ? [("Authorization", "Bearer {token}")] : [] };

    /// <summary>As a person may read it: what is no printable ASCII is in hexadecimal.</summary>
    public override string ToString() =>
        $"{Kind}: {Method} {Path} {ContentType} {string.Join(' ', Headers.Select(header => $"[{header.Name}: {Cut(header.Value)}]"))} "
            + $"{(Body is null ? "no body" : Cut(Readable(Body)))}";

    private static string Readable(byte[] bytes) => string.Concat(bytes.Select(one =>
        one is >= 0x20 and < 0x7f ? ((char)one).ToString() : string.Create(CultureInfo.InvariantCulture, $"‹{one:x2}›")));

    private static string Cut(string text) => text.Length <= 1000 ? text : $"{text[..1000]}… ({text.Length} characters)";
}
