using System.Globalization;
using System.Text.RegularExpressions;

namespace OtpPortal.E2E.Support;

/// <summary>
/// All of an answer that a stranger can compare with another one: status, headers, cookies and body. Left out is what differs between any
/// two answers: the moment, the request's number, the time that is left of something, and the content of random values, but not their
/// length.
/// </summary>
internal static partial class Observed
{
    /// <summary>The answer as comparable text.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="address">The address that it is about, which becomes a word of the same length for all.</param>
    public static string Of(Reply reply, string address) => string.Join('\n',
    [
        $"{reply.Path} {((int)reply.Status).ToString(CultureInfo.InvariantCulture)}",
        .. reply.Headers
            .Where(header => header.Name is not ("Date" or "X-Correlation-Id" or "Content-Length"))
            .Select(header => $"{header.Name}: {Mask(header.Value, address)}").Order(StringComparer.Ordinal),
        Mask(reply.Text, address),
    ]);

    private static string Mask(string text, string address)
    {
        text = text.Replace(address, "ADDRESS", StringComparison.OrdinalIgnoreCase)
            .Replace(Uri.EscapeDataString(address), "ADDRESS", StringComparison.OrdinalIgnoreCase);
        text = text.Replace("\\u002B", "+", StringComparison.Ordinal);
        text = Expires().Replace(text, "expires=#");
        text = Token().Replace(text, token => string.Create(CultureInfo.InvariantCulture, $"({token.Length} characters)"));
        return Numbers().Replace(Durations().Replace(text, "#"), match => match.Value.EndsWith(" characters)", StringComparison.Ordinal)
            ? match.Value : "#");
    }

    [GeneratedRegex("expires=[^;]*", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expires();

    [GeneratedRegex("[-A-Za-z0-9_+/=]{24,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    [GeneratedRegex("[0-9]+ (second|minute|hour)s?( and [0-9]+ (second|minute|hour)s?)?", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Durations();

    [GeneratedRegex(@"\([0-9]+ characters\)|[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
