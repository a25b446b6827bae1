using System.Net;
using System.Text.RegularExpressions;

namespace OtpPortal.E2E.Support;

/// <summary>Reads a form out of a page, as a program without a browser does.</summary>
public static partial class Forms
{
    /// <summary>The hidden fields of the form with that name.</summary>
    public static Dictionary<string, string> Fields(string html, string name) =>
        Form().Matches(html)
            .Select(form => Hidden().Matches(form.Value).ToDictionary(
                input => WebUtility.HtmlDecode(input.Groups["name"].Value),
                input => WebUtility.HtmlDecode(input.Groups["value"].Value),
                StringComparer.Ordinal))
            .Single(fields => fields.GetValueOrDefault("_handler") == name);

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hidden();
}
