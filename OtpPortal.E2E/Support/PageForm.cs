using System.Net;
using System.Text.RegularExpressions;

namespace OtpPortal.E2E.Support;

/// <summary>A form of a page, found by its button and filled in by its labels, as a person does.</summary>
/// <param name="Action">Where the form is posted.</param>
/// <param name="Fields">What is posted.</param>
internal sealed partial record PageForm(string Action, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    /// <summary>Finds and fills in a form.</summary>
    /// <param name="page">The page.</param>
    /// <param name="button">What stands on the button, or how that begins.</param>
    /// <param name="typed">Labels, and what is typed beside them.</param>
    public static PageForm Find(Reply page, string button, IEnumerable<(string Label, string Value)> typed)
    {
        return Pressed(page, button) is var (form, pressed)
            ? Fill(page, form, pressed, typed)
            : throw new InvalidOperationException($"{page.Path} ({(int)page.Status}) has no form with the button {button}:\n{page.Text}");
    }

    /// <summary>Whether a page has a form with that button.</summary>
    public static bool Has(Reply page, string button) => Pressed(page, button) is not null;

    private static (string Form, string Button)? Pressed(Reply page, string button) => Form().Matches(page.Text)
        .SelectMany(form => Button().Matches(form.Value).Select(pressed => (Form: form.Value, Button: pressed)))
        .Where(one => Text(one.Button.Groups["text"].Value).StartsWith(button, StringComparison.Ordinal))
        .Select(one => ((string, string)?)(one.Form, one.Button.Value))
        .FirstOrDefault();

    private static PageForm Fill(Reply page, string form, string pressed, IEnumerable<(string Label, string Value)> typed)
    {
        var inputs = Input().Matches(form).Select(match => Attributes(match.Value)).Where(input => input.ContainsKey("name")).ToList();
        var fields = inputs.ToDictionary(input => input["name"], input => input.GetValueOrDefault("value", ""), StringComparer.Ordinal);
        foreach (var (label, value) in typed)
        {
            var of = Label().Matches(form).FirstOrDefault(match => Text(match.Groups["text"].Value) == label)
                ?? Label().Matches(form).FirstOrDefault(match => Text(match.Groups["text"].Value)
                    .StartsWith(label, StringComparison.Ordinal))
                ?? throw new InvalidOperationException($"{page.Path} has no field {label}:\n{form}");
            var id = WebUtility.HtmlDecode(of.Groups["for"].Value);
            fields[inputs.Single(input => input.GetValueOrDefault("id") == id)["name"]] = value;
        }

        if (Attributes(pressed) is var button && button.TryGetValue("name", out var name))
        {
            fields[name] = button.GetValueOrDefault("value", "");
        }

        var action = Attributes(form[..(form.IndexOf('>', StringComparison.Ordinal) + 1)]).GetValueOrDefault("action");
        return new PageForm(string.IsNullOrEmpty(action) ? page.Path : action, [.. fields]);
    }

    private static Dictionary<string, string> Attributes(string tag) => Attribute()
        .Matches(tag[..(tag.IndexOf('>', StringComparison.Ordinal) + 1)])
        .GroupBy(match => match.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(match => match.Key, match => WebUtility.HtmlDecode(match.First().Groups["value"].Value),
            StringComparer.OrdinalIgnoreCase);

    private static string Text(string html) => WebUtility.HtmlDecode(Tag().Replace(html, "")).Trim();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [GeneratedRegex("<button[^>]*>(?<text>.*?)</button>", RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Button();

    [GeneratedRegex("<input[^>]*>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Input();

    [GeneratedRegex("<label[^>]* for=\"(?<for>[^\"]*)\"[^>]*>(?<text>.*?)</label>", RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();

    [GeneratedRegex("\\s(?<name>[A-Za-z][-A-Za-z0-9.:]*)(=\"(?<value>[^\"]*)\")?", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Attribute();

    [GeneratedRegex("<[^>]*>|<!--.*?-->", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
