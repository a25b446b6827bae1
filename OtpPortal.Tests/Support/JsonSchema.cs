using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OtpPortal.Tests.Support;

/// <summary>
/// Validates against JSON Schema 2020-12, as far as the portal's description uses it. A keyword that it does not know is an error: what
/// nobody checks must not look checked.
/// </summary>
/// <param name="root">The document that <c>$ref</c> points into.</param>
public sealed class JsonSchema(JsonNode root)
{
    private static readonly HashSet<string> Annotations = new(
        ["description", "discriminator", "example", "examples", "$ref"], StringComparer.Ordinal);

    /// <summary>What of a value does not conform; nothing if it does.</summary>
    /// <param name="schema">The schema, a part of the document.</param>
    /// <param name="value">The value.</param>
    /// <param name="at">Where it stands, for the messages.</param>
    public IEnumerable<string> Check(JsonNode schema, JsonNode? value, string at = "$")
    {
        if (schema is JsonValue always && always.TryGetValue(out bool anything))
        {
            return anything ? [] : [$"{at} must not be there"];
        }

        return schema.AsObject().SelectMany(keyword => Check(keyword.Key, keyword.Value!, schema, value, at))
            .Concat(schema["$ref"] is { } reference ? Check(Find(reference.GetValue<string>()), value, at) : []);
    }

    /// <summary>What a reference into the document points to.</summary>
    public JsonNode Find(string reference) => reference.StartsWith("#/", StringComparison.Ordinal)
        ? reference[2..].Split('/').Aggregate(root, (node, name) => node[name.Replace("~1", "/", StringComparison.Ordinal)]
            ?? throw new InvalidOperationException($"{reference} points nowhere."))
        : throw new NotSupportedException($"{reference} points out of the document.");

    private IEnumerable<string> Check(string keyword, JsonNode rule, JsonNode schema, JsonNode? value, string at)
    {
        switch (keyword)
        {
            case "type":
                var types = rule is JsonArray several
                    ? several.Select(type => type!.GetValue<string>()).ToArray()
                    : [rule.GetValue<string>()];
                return Unless(types.Any(type => Is(type, value)), $"{at} is no {string.Join(" or ", types)}");
            case "enum":
                return Unless(rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)), $"{at} is none of {rule.ToJsonString()}");
            case "oneOf":
                var fits = rule.AsArray().Count(one => !Check(one!, value, at).Any());
                return Unless(fits == 1, $"{at} fits {fits} of {rule.AsArray().Count} schemas instead of one ({rule.ToJsonString()})");
            case "required" or "properties" or "additionalProperties" or "minProperties":
                return value is JsonObject members ? CheckObject(keyword, rule, schema, members, at) : [];
            case "items":
                return value is JsonArray items ? items.SelectMany((item, i) => Check(rule, item, $"{at}[{i}]")) : [];
            case "minItems":
                return Unless(value is not JsonArray list || list.Count >= Number(rule), $"{at} has fewer than {rule} items");
            case "minimum":
                return Unless(!Is("number", value) || Number(value!) >= Number(rule), $"{at} is less than {rule}");
            case "minLength" or "maxLength" or "pattern":
                return Unless(!Is("string", value) || CheckText(keyword, rule, value!.GetValue<string>()),
                    $"{at} does not have the {keyword} {rule}");
            case "format":
                return Unless(CheckFormat(rule.GetValue<string>(), value), $"{at} is no {rule}");
            default:
                return Annotations.Contains(keyword)
                    ? []
                    : throw new NotSupportedException(
                        $"The keyword {keyword} is checked by nobody. Teach {nameof(JsonSchema)} what it means.");
        }
    }

    private IEnumerable<string> CheckObject(string keyword, JsonNode rule, JsonNode schema, JsonObject members, string at) => keyword switch
    {
        "required" =>
            rule.AsArray().Select(name => name!.GetValue<string>()).Where(name => !members.ContainsKey(name))
                .Select(name => $"{at}.{name} is missing"),
        "properties" =>
            rule.AsObject().Where(property => members.ContainsKey(property.Key))
                .SelectMany(property => Check(property.Value!, members[property.Key], $"{at}.{property.Key}")),
        "minProperties" => Unless(members.Count >= Number(rule), $"{at} has fewer than {rule} members"),
        _ => members.Where(member => schema["properties"]?.AsObject().ContainsKey(member.Key) != true)
            .SelectMany(member => Check(rule, member.Value, $"{at}.{member.Key}")),
    };

    private static bool CheckText(string keyword, JsonNode rule, string text) => keyword switch
    {
        "minLength" => text.EnumerateRunes().Count() >= Number(rule),
        "maxLength" => text.EnumerateRunes().Count() <= Number(rule),
        _ => Matches(text, rule.GetValue<string>()),
    };

    // A format speaks of one type only: a value of another is not its matter.
    private static bool CheckFormat(string format, JsonNode? value) => format switch
    {
        "int32" => !Is("number", value) || Number(value!) is >= int.MinValue and <= int.MaxValue,
        "int64" => !Is("number", value) || Number(value!) is >= long.MinValue and <= long.MaxValue,
        "double" => !Is("number", value) || double.IsFinite(value!.GetValue<double>()),

        // RFC 3339 wants a time zone.
        "date-time" => !Is("string", value)
            || (Matches(value!.GetValue<string>(), @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
            && DateTimeOffset.TryParse(value.GetValue<string>(), CultureInfo.InvariantCulture, out _)),
        "idn-email" => !Is("string", value) || Matches(value!.GetValue<string>(), "^[^@]+@[^@]+$"),
        _ => throw new NotSupportedException($"The format {format} is checked by nobody. Teach {nameof(JsonSchema)} what it means."),
    };

    private static bool Matches(string text, string pattern) =>
        Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1));

    private static bool Is(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object)
            or ("array", JsonValueKind.Array) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => Number(value!) % 1 == 0,
        _ => false,
    };

    private static decimal Number(JsonNode value) => decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Unless(bool conforms, string message) => conforms ? [] : [message];
}
