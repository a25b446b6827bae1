using System.Net;
using System.Text.RegularExpressions;

namespace OtpPortal.Tests.Support;

/// <summary>Reads the forms of a page.</summary>
internal static partial class HtmlForms
{
    /// <summary>The field with the token against forged requests.</summary>
    public const string Token = "__RequestVerificationToken";

    /// <summary>The hidden fields of the form with that name, or null.</summary>
    public static Dictionary<string, string>? Find(string html, string form) =>
        Form().Matches(html).Select(match => HiddenFields(match.Value))
            .FirstOrDefault(fields => fields.GetValueOrDefault("_handler") == form);

    /// <summary>The hidden fields in a piece of HTML.</summary>
    public static Dictionary<string, string> HiddenFields(string html) =>
        Hidden().Matches(html)
            .ToDictionary(field => WebUtility.HtmlDecode(field.Groups["name"].Value),
                field => WebUtility.HtmlDecode(field.Groups["value"].Value), StringComparer.Ordinal);

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Hidden();
}
