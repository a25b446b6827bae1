using System.Net;
using System.Text.RegularExpressions;

namespace OtpPortal.Delivery.Email;

/// <summary>Text with placeholders like <c>{{code}}</c>, which are replaced by values. There is no other logic.</summary>
internal static partial class Placeholders
{
    /// <summary>Replaces the placeholders once: a value that looks like a placeholder is not replaced again.</summary>
    public static string Fill(string text, MailModel model, bool html) => Opened().Replace(text, found =>
    {
        var value = model.ValueOf(Name(found)!);
        return html ? WebUtility.HtmlEncode(value) : value;
    });

    /// <summary>The errors of a text, with their lines.</summary>
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

    public static bool Uses(string text, string placeholder) => Opened().Matches(text).Any(found => Name(found) == placeholder);

    private static string? Name(Match found) => found.Groups["name"] is { Success: true } name ? name.Value.Trim() : null;

    private static string List(IEnumerable<string> allowed) => string.Join(", ", allowed.Select(name => $"{{{{{name}}}}}")) + ".";

    // Two opening braces match together with the closing ones in the same line, or alone, which is an error. Closing braces alone do not
    // match, because style sheets contain them.
    [GeneratedRegex(@"\{\{((?<name>[^{}\r\n]*)\}\})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Opened();
}
