using System.Globalization;
using System.Text;

namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>What no honest program sends.</summary>
public static class Hostile
{
    /// <summary>Addresses. Some are legal by the letter, and some belong to nobody who means well.</summary>
    public static IReadOnlyList<string> Emails { get; } =
    [
        // Nothing, and less.
        "", " ", "\t", "\0", "@", "@@", "a", "a@", "@b", "a@@b", ".@.", "null", "undefined", "NaN", "true",

        // Quotes, comments, routes, groups and lists (RFC 5321, RFC 5322).
        "\"ann\"@example.com", "\"a b\"@example.com", "\"@\"@example.com", "\"\\\"\"@example.com", "\"\"@example.com", "\"ann@example.com",
            "ann(comment)@example.com",
        "(a)(b)ann@example.com", "ann@(comment)example.com", "ann@example.com(((((", "<ann@example.com>", "Ann <ann@example.com>",
            "<@relay:ann@example.com>", "ann%other@example.com",
        "ann!other@example.com", "Friends: ann@example.com;", "ann@example.com,bob@example.com", "ann@example.com;bob@example.com",
            "ann@example.com bob@example.com", "ann@example.com\tbob@example.com",

        // More than one @, dots where none may be, spaces inside.
        "ann@bob@example.com", "a@b@c@d@e", "ann@example.com@", ".ann@example.com", "ann.@example.com", "a..nn@example.com",
            "ann@.example.com", "ann@example..com", "ann@example.com.", "ann@example.com..",
        "an n@example.com", "ann @example.com", "ann@ example.com", "ann@exa mple.com", "ann@-example.com", "ann@example-.com",
            "ann@exa_mple.com", "ann@*.com",

        // Headers, commands and other languages.
        "ann@example.com\r\nBcc: victim@example.com", "ann@example.com\nSubject: hi", "ann@example.com\r\n\r\nbody",
            "ann@example.com\rX: y", "ann\r\n@example.com", "ann@example.com>\r\nRCPT TO:<victim@example.com",
        "ann@example.com%0d%0aBcc:victim@example.com", "ann%00@example.com", "ann\0@example.com", "ann@example.com\0.evil.example",
            "<script>alert(1)</script>@example.com",
        "\"><img src=x onerror=alert(1)>@example.com", "ann@example.com'--", "' OR '1'='1", "ann'; DROP TABLE AspNetUsers;--@example.com",
            "a' UNION SELECT 1--@example.com", "%@example.com", "_@example.com", "*@example.com",
        "$(id)@example.com", "`id`@example.com", "| id @example.com", "${jndi:ldap://127.0.0.1/a}@example.com", "{{7*7}}@example.com",
            "../../etc/passwd@example.com", "{0}@example.com", "%s%s%n@example.com",
        "javascript:alert(1)", "mailto:ann@example.com", "http://ann@example.com/", "file:///etc/passwd", "=cmd|'/c calc'!A1@example.com",

        // Literals, numbers and names of this machine.
        "ann@127.0.0.1", "ann@[127.0.0.1]", "ann@[IPv6:::1]", "ann@::1", "ann@[", "ann@]", "ann@2130706433", "ann@0x7f.1", "ann@12345",
            "ann@localhost", "root@localhost.localdomain", "ann@com", "ann@..",

        // Unicode: look-alikes, other dots, other @s, directions, invisible characters, marks without a base, unpaired surrogates, what
        // changes when normalised.
        "аnn@example.com", "ann@еxample.com", "ann@xn--e1awd7f.com", "ann@xn--", "ann@xn--a", "ann@xn--\u00e9.com",
            "ann@xn--99999999999.com", "ann＠example.com", "ann﹫example.com", "ann@example．com", "ann@example。com", "ann@example｡com",
        "\u202eann@example.com", "ann\u202e@example.com", "ann@\u202eexample.com", "ann\u200b@example.com", "ann\u200d@example.com",
            "ann@exam\u00adple.com", "\ufeffann@example.com", "ann\u2060@example.com",
        "\u0301ann@example.com", "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307nn@example.com", "ann@\u0301.com", "😀@example.com",
            "ann@😀.example", "👨‍👩‍👧@example.com", "ann@☃.net", "ﬁnn@example.com", "ann@ﬁnn.com", "Ⅷ@example.com",
        "ann@ℂ.com", "İ@example.com", "ı@example.com", "ẞ@example.com", "ann@faß.de", "ΣΑΣ@example.com", "ann@a\u0338.com",
            "ann\ud800@example.com", "ann@\udfff.com", "\ud83d@example.com", "ann\udc00\ud800@b.co", "\uffff@example.com",
                "\ufffd@example.com", "ann@\ufdd0.com",
        "ﷺ@example.com", new string('ﷺ', 60) + "@example.com", "مثال@مثال.إختبار", "ann@مثال.com", "ann@1مثال.com", "用户@例子.广告", "ann@ǅ.com",
            "ann\u0000\u0000@example.com", "ann\u0085@example.com", "ann\u2028@example.com", "ann\u00a0@example.com",

        // Too long: in all, before the @, in a label, in labels, in marks.
        new string('a', 1000), new string('a', 64) + "@example.com", new string('a', 65) + "@example.com",
            new string('a', 5000) + "@example.com", "ann@" + new string('b', 63) + ".com", "ann@" + new string('b', 64) + ".com",
                "ann@" + new string('b', 1000) + ".com",
        "ann@" + string.Join('.', Enumerable.Repeat("a", 120)) + ".com", "ann@" + string.Join('.', Enumerable.Repeat("a", 2000)),
            new string('@', 1000), new string('.', 1000) + "@example.com", "a" + new string('\u0301', 1000) + "@example.com",
                "ann@" + new string('é', 60) + ".com",
        "ann@" + new string('\u200d', 100) + ".com", string.Concat(Enumerable.Repeat("😀", 250)) + "@example.com",
            "ann+" + new string('x', 60) + "@example.com", new string(' ', 2000) + "ann@example.com",
                "ann@example.com" + new string('\n', 2000),
    ];

    public static IReadOnlyList<string> Mobiles { get; } =
    [
        "", " ", "+", "++447700900123", "+0", "+00000000", "447700900123", "+44", "+447700900123456789", "+1" + new string('0', 5000),
            "+44 7700 900123", "+44(0)7700900123", "+44-7700-900-123;ext=1", "tel:+447700900123",
        "+٤٤٧٧٠٠٩٠٠١٢٣", "＋４４７７００９００１２３", "+४४७७००९००१२३", "+44770090012\0", "+44770090012\ud800", "+4477009001２3", "\u202e+447700900123",
            "+44\r\n7700900123", "+44'7700900123--", "-447700900123", "+4.47700900123e11", "+0x2A2A2A2A", "NaN",
        "00447700900123", "+44<script>", "%2B447700900123", "+44 7700 900123 ", "+1-800-FLOWERS", "911", "+999999999999999",
            "+1\u00bd5005550006", "+\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468",
    ];

    public static IReadOnlyList<string> Codes { get; } =
    [
        "", " ", "0", "12345", "1234567", "-12345", "+12345", "1e5", "0x1234", "123 456", "123-456", "１２３４５６", "١٢٣٤٥٦", "۱۲۳۴۵۶", "१२३४५६",
            "①②③④⑤⑥", "ⅠⅡⅢⅣⅤⅥ", "²³⁴⁵⁶⁷", "½½½½½½", "12345\0", "\0\0\0\0\0\0", "12345\ud800", "\ud83d\ude00\ud83d\ude00\ud83d\ude00",
        "1234567890123456789012345678901234567890", new string('1', 10_000), new string(' ', 10_000), new string('\u0301', 6), "null",
            "' OR 1", "000000\r\n", "12345\u202e6", "1\u200b2\u200b3\u200b4\u200b5\u200b6", "NaN", "true", "%31%32%33%34%35%36",
                "𝟏𝟐𝟑𝟒𝟓𝟔", "AAAAAA", "......", "------",
    ];

    /// <summary>JSON values of every kind but the right one, and texts that are hard to read.</summary>
    public static IReadOnlyList<string> Values { get; } =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "1.5", "1e5", "1E400", "-1e400", "1e-400", "9223372036854775807",
            "9223372036854775808", "-9223372036854775809", new string('9', 400), $"0.{new string('1', 400)}", $"1e{new string('9', 100)}",
        "[]", "[null]", "[\"ann@example.com\"]", "[[[[[[[[[[[[]]]]]]]]]]]]", "{}", "{\"a\":1}", "{\"value\":\"ann@example.com\"}",
            "{\"$ref\":\"#\"}", "{\"__proto__\":{}}", "{\"$type\":\"System.String\"}",
        "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"",
            "\"\\ud83d\\ude00\"", "\"\\uffff\"", "\"\\u202e\"", "\"\\r\\n\"", "\"\\b\\f\\t\"", "\"\\/\"", "\"\\x41\"", "\"\\u12\"",
                "\"\\u{1f600}\"", "\"\\\"",
        "\"\t\"", "\"\n\"", "'single'", "unquoted", "NaN", "Infinity", "-Infinity", "undefined", "01", "+1", "1.", ".5", "0x10", "1_000",
            "1,", "\"unfinished", "\"a\" \"b\"", "/**/null", "None", "True", "\"\"\"", ",", ":", "\ufeff\"\"",
        Text(new string('x', 300)), Text(new string('é', 1000)), Text(new string('x', 8000)), Text("<script>alert(1)</script>"),
            Text("' OR 1=1 --"), Text("../../../etc/passwd"), Text("{0}{1}{2}"), Text("%n%n%n%s"), Text("a\0b"),
    ];

    /// <summary>Pieces to put where they do not belong.</summary>
    public static IReadOnlyList<byte[]> Pieces { get; } =
    [
        .. ((string[])["\"", "\\", "{", "}", "[", "]", ",", ":", "\0", "\\u0000", "\\ud800", "\\udfff", "\\u", "null", "1e999", "-",
            "[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "//", "/*", "*/", "\r\n", "\ufeff", "\u2028", "\u202e", "'", "<",
                "\"email\":\"x@example.com\",", "\"\":\"\",", "\"$id\":\"1\","])
            .Select(Encoding.UTF8.GetBytes),

        // No UTF-8: a lone continuation, one cut short, two bytes for one, a surrogate, beyond the last code point, what is no byte of
        // UTF-8 at all; UTF-16 and UTF-32 marks.
        [0x80], [0xc3], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80],
            [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfe], [0xff], [0xff, 0xfe], [0xfe, 0xff], [0, 0, 0xfe, 0xff],
    ];

    /// <summary>A text as JSON in ASCII, so that it may have what is no Unicode text.</summary>
    public static string Text(string text) =>
        $"\"{string.Concat(text.Select(unit => unit is >= ' ' and <= '~' and not '"' and not '\\' ? unit.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}")))}\"";
}
