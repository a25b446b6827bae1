using System.Text;

namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>Requests whose body is malformed: cut, with hostile members, of another shape, size or content type.</summary>
internal static class FuzzBodies
{
    private const int MaxBody = OtpPortal.Api.ApiMiddleware.MaxBody;

    private static readonly IReadOnlyList<FuzzRoute> WithBody = [.. FuzzRoute.All.Where(route => route.Members.Length > 0)];

    /// <summary>All that can be listed.</summary>
    public static IEnumerable<FuzzRequest> Listed() =>
        [.. Truncated(), .. Members(), .. People(), .. Shapes(), .. Sizes(), .. ContentTypes()];

    private static IEnumerable<FuzzRequest> Truncated() =>
        from route in WithBody
        let body = Encoding.UTF8.GetBytes(route.Body())
        from length in Enumerable.Range(0, body.Length)
        select FuzzRequest.Of(route, "truncated", body[..length]);

    private static IEnumerable<FuzzRequest> Members() =>
        from route in WithBody
        from member in route.Members
        from body in (string[])
        [
            .. Hostile.Values.Select(value => route.Body((member.Name, value))),
            route.Body((member.Name, null)),
            route.Body((member.Name, null), (member.Name.ToUpperInvariant(), member.Json)),
            route.Body((member.Name, null), ($"{member.Name}\\u0000", member.Json)),
            route.Body((member.Name, null), ($"{member.Name[..^1]}\\u{(int)member.Name[^1]:x4}", member.Json)),
            route.Body((member.Name, member.Json), ($"\\u{(int)member.Name[0]:x4}{member.Name[1..]}", member.Json)),
            $"{route.Body()[..^1]},\"{member.Name}\":{member.Json}}}",
            $"{route.Body()[..^1]},\"{member.Name}\":null}}",
            $"{route.Body()[..^1]},\"{member.Name.ToUpperInvariant()}\":{member.Json}}}",
        ]
        select FuzzRequest.Of(route, $"member {member.Name}", body);

    private static IEnumerable<FuzzRequest> People() =>
        from route in WithBody
        from member in route.Members
        from text in member.Name switch
        {
            "email" => Hostile.Emails,
            "mobile" => Hostile.Mobiles,
            "otp" => Hostile.Codes,
            "userName" or "firstName" or "password" or "newPassword" or "resetToken" => [.. Hostile.Emails.Take(60), .. Hostile.Codes],
            _ => [],
        }
        select FuzzRequest.Of(route, $"hostile {member.Name}", route.Body((member.Name, Hostile.Text(text))));

    private static IEnumerable<FuzzRequest> Shapes() =>
        from route in WithBody
        let body = route.Body()
        let bytes = Encoding.UTF8.GetBytes(body)
        from shape in (byte[][])
        [
            .. Hostile.Values.Select(Encoding.UTF8.GetBytes),
            .. Hostile.Pieces,
            .. ((string[])
            [
                "{", "}", "{}", "[]", $"[{body}]", $"{body}{body}", $"{body},", $"{body}x", $"{body}\0", $"\0{body}", $" \t\r\n{body}\r\n",
                    $"\ufeff{body}", $"{body}\ufeff", $"/* c */{body}", $"// c\n{body}", $"{body}// c", $"{body[..^1]},}}",
                        $"{{,{body[1..]}",
                body.Replace('"', '\''), body.Replace(':', '='), body.Replace(',', ';'), body.Replace("\"", "", StringComparison.Ordinal),
                    body.ToUpperInvariant(), $"{body[..^1]},\"unknown\":1}}", $"{body[..^1]},\"\":1}}", $"{body[..^1]},\"\\ud800\":1}}",
                        $"{body[..^1]},\"\\udc00\":\"\\ud800\"}}",
                $"{body[..^1]},\"__proto__\":{{\"admin\":true}}}}", $"{body[..^1]},\"$type\":\"System.Diagnostics.Process\"}}",
                    $"{body[..^1]},1:2}}", $"{body[..^1]},\"a\"}}", $"{body[..^1]},\"a\":}}", "{\"a\":" + body + "}", new string('[', 5000),
                        new string('[', 5000) + new string(']', 5000),
                string.Concat(Enumerable.Repeat("{\"a\":", 2000)),
                    string.Concat(Enumerable.Repeat("{\"a\":", 1500)) + "1" + new string('}', 1500), new string('{', 3000),
                        new string('"', 3000), new string('\\', 3000), new string(' ', 16_000), "email=ann@example.com&password=x",
                            "<?xml version=\"1.0\"?><a/>",
            ]).Select(Encoding.UTF8.GetBytes),
            [0xff, 0xfe, .. Encoding.Unicode.GetBytes(body)], Encoding.Unicode.GetBytes(body), Encoding.BigEndianUnicode.GetBytes(body),
                Encoding.UTF32.GetBytes(body), [0x1f, 0x8b, 0x08, .. bytes], [.. bytes.Select(one => (byte)(one | 0x80))],
        ]
        select FuzzRequest.Of(route, "shape", shape);

    private static IEnumerable<FuzzRequest> Sizes() =>
        from route in WithBody
        from size in (int[])[MaxBody - 1, MaxBody, MaxBody + 1, 4 * MaxBody, 1024 * 1024]
        from chunked in (bool[])[false, true]
        select FuzzRequest.Of(
            route, $"{size} bytes", route.Body() + new string(' ', size - route.Body().Length)) with { Chunked = chunked };

    private static IEnumerable<FuzzRequest> ContentTypes() =>
        from route in WithBody
        from type in (string?[])
        [
            null, "", " ", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data",
                "multipart/form-data; boundary=x", "application/xml", "application/octet-stream", "application/problem+json",
                    "application/jsonx", "application/json/", "application/ json", "json",
            "application/json;", "application/json; charset", "application/json; charset=", "application/json; charset=utf-16",
                "application/json; charset=utf-7", "application/json; charset=iso-8859-1", "application/json; charset=\"utf-8",
                    "application/json; charset=utf-8; charset=utf-16",
            "application/json; charset=utf-8\"", "application/json; boundary=x", "application/json, text/plain", "APPLICATION/JSON",
                "application/json; charset=UTF-8", "*/*", "application/*", "/", ";", "application/json; " + new string('x', 3000),
                    "application/json; charset=" + new string('u', 3000), "\u00e9/json", "application/json\u00a0",
        ]
        select FuzzRequest.Of(route, "content type", route.Body()) with { ContentType = type };
}
