using System.Net;
using System.Text.RegularExpressions;

namespace OtpPortal.Delivery.Email;

/// <summary>Text with placeholders like <c>{{code}}</c>. Replacing them is all it can do.</summary>
internal static partial class Placeholders
{
    /// <summary>Puts the values in their place, once: what looks like a placeholder in a value is left as it is.</summary>
    public static string Fill(string text, MailModel model, bool html) => Opened().Replace(text, found =>
    {
        var value = model.ValueOf(Name(found)!);
        return html ? WebUtility.HtmlEncode(value) : value;
    });

    /// <summary>What is wrong with it, each with its line.</summary>
    public static IEnumerable<(int Line, string Fault)> Faults(string text, IReadOnlyList<string> allowed)
    {
        foreach (Match found in Opened().Matches(text))
        {
            var line = 1 + text.AsSpan(0, found.Index).Count('\n');
            if (Name(found) is not { } name)
            {
                yield return (line, $"{{{{ has no }}}} behind it in this line. Allowed: {List(allowed)}");
            }
            else if (!allowed.Contains(name, StringComparer.Ordinal))
            {
                yield return (line, $"{{{{{name}}}}} means nothing. Allowed: {List(allowed)}");
            }
        }
    }

    /// <summary>Whether the text uses a placeholder.</summary>
    public static bool Uses(string text, string placeholder) => Opened().Matches(text).Any(found => Name(found) == placeholder);

    private static string? Name(Match found) => found.Groups["name"] is { Success: true } name ? name.Value.Trim() : null;

    private static string List(IEnumerable<string> allowed) => string.Join(", ", allowed.Select(name => $"{{{{{name}}}}}")) + ".";

    // Closed in the same line, or not at all. Braces that close nothing are left alone: style sheets have them.
    [GeneratedRegex(@"\{\{((?<name>[^{}\r\n]*)\}\})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Opened();
}
