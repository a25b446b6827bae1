using System.Text;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>Malformed requests to every route: first all that can be listed, then as many by chance as are wanted.</summary>
public static class FuzzRequests
{
    private static readonly IReadOnlyList<FuzzRoute> WithBody = [.. FuzzRoute.All.Where(route => route.Members.Length > 0)];

    /// <summary>All that can be listed.</summary>
    public static IEnumerable<FuzzRequest> Listed() =>
        [.. FuzzBodies.Listed(), .. Methods(), .. HeadersOf(), .. Paths()];

    /// <summary>One of any number, by chance.</summary>
    public static FuzzRequest Random(SeededRandom random)
    {
        var kind = random.Next(10);
        if (kind == 0)
        {
            // A good token with something wrong in it.
            var route = random.Of([.. FuzzRoute.All.Where(route => route.NeedsToken)]);
            return FuzzRequest.Of(route, "token by chance",
                (byte[]?)null) with { Headers = [("Authorization", $"Bearer {{token~{random.Next(int.MaxValue)}}}")] };
        }

        var target = random.Of(WithBody);
        var body = kind switch
        {
            1 => Encoding.UTF8.GetBytes(
                target.Body(
                    [.. target.Members.Select(member => (member.Name, random.Next(2) == 0 ? random.Of(Hostile.Values) : member.Json))])),
            2 => Encoding.UTF8.GetBytes(
                target.Body([.. target.Members.Select(member => (member.Name, (string?)Hostile.Text(Garbage(random))))])),
            _ => Encoding.UTF8.GetBytes(target.Body()),
        };
        for (var changes = kind <= 2 ? random.Next(2) : 1 + random.Next(4); changes > 0; changes--)
        {
            body = Changed(body, random);
        }

        return FuzzRequest.Of(target, "body by chance", body) with { Chunked = random.Next(20) == 0 };
    }

    /// <summary>Bytes with one change.</summary>
    internal static byte[] Changed(byte[] bytes, SeededRandom random)
    {
        var at = random.Next(bytes.Length + 1);
        var (before, after) = (bytes[..at], bytes[at..]);
        var span = random.Next(after.Length + 1);
        return random.Next(7) switch
        {
            0 when after.Length > 0 => [.. before, (byte)(after[0] ^ (1 << random.Next(8))), .. after[1..]],
            1 when after.Length > 0 => [.. before, (byte)random.Next(256), .. after[1..]],
            2 => [.. before, .. random.Bytes(1 + random.Next(8)), .. after],
            3 => [.. before, .. after[span..]],
            4 => [.. before, .. after[..span], .. after],
            5 => before,
            _ => [.. before, .. random.Of(Hostile.Pieces), .. after],
        };
    }

    // UTF-16 units of every kind, lone surrogates among them.
    private static string Garbage(SeededRandom random) =>
        string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => random.Next(4) switch
    {
        0 => (char)random.Next(0x10000),
        1 => (char)(0xd800 + random.Next(0x800)),
        2 => (char)random.Next(0x300),
        _ => (char)(' ' + random.Next(95)),
    }));

    private static IEnumerable<FuzzRequest> Methods() =>
        from route in FuzzRoute.All
        from method in (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "LOCK",
            "SEARCH", "QUERY", "get", "Post", "X", "M-SEARCH", "!#$%&'*+-.^_`|~", new string('A', 200)]
        where method != route.Method.Method
        from body in (string?[])[null, route.Body()]
        where body is null || method is not ("GET" or "HEAD" or "TRACE")
        select FuzzRequest.Of(route, "method", body) with { Method = new HttpMethod(method) };

    // What headers do is the same for all routes of a kind.
    private static IEnumerable<FuzzRequest> HeadersOf() =>
        from route in FuzzRoute.All.Where(route => route.Members.Length == 0 || route.Path is "/api/auth/register" or "/api/auth/refresh")
        from header in (string[])
        [
            "Authorization", "Origin", "Accept", "Accept-Encoding", "Accept-Language", "Accept-Charset", "Content-Encoding",
                "Content-Language", "Content-Disposition", "Content-Range", "Cookie", "User-Agent", "Referer", "Range", "If-Match",
                    "If-None-Match", "If-Modified-Since", "Forwarded",
            "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Uri", "X-Original-URL", "X-HTTP-Method-Override",
                "traceparent", "tracestate", "baggage", "Request-Id", "Max-Forwards", "Via", "Upgrade-Insecure-Requests", "Sec-Fetch-Site",
                    "X-\u007e", "DNT",
        ]
        from value in (string[])
        [
            "", "null", "*", ",", ";", "=", "\"", "x", "a=b; c=d", "http://evil.example", "http://[", "https://\u00e9.example/\u202e",
                "%00%0d%0a", new string('x', 4000), "-1", "99999999999999999999",
                    "portal_session=AAAA; portal_form=AAAA; portal_flow=%00; =; ;;",
                        "00-00000000000000000000000000000000-0000000000000000-00", "Bearer {token}, {token}", "Digest username=\"x\"",
        ]
        let usual = FuzzRequest.Of(route, $"header {header}", route.Members.Length > 0 ? route.Body() : null)
        select usual with { Headers = [.. usual.Headers.Where(one => one.Name != header), (header, value)] };

    private static IEnumerable<FuzzRequest> Paths() =>
        from path in (string[])
        [
            "/api", "/api/", "/api/auth", "/api/auth/", "/api/auth/nothing", "/api/auth/login/", "/api/auth//login", "/api/auth/login/x",
                "/API/AUTH/LOGIN", "/api/auth/%6cogin", "/api/auth/login%00", "/api/auth/login%2f", "/api/auth/..%2f..%2fapp.db",
                    "/api/auth/%c0%af", "/api/auth/%ff", "/api/auth/%", "/api/auth/%zz",
            "/api/auth/login;x=1", "/api/auth/login.json", "/api/auth/login?x=%00", "/api/auth/login?" + new string('x', 4000),
                "/api/auth/" + new string('x', 4000), "/api/auth/<script>", "/api/auth/\u00e9", "/api/auth/me?email=x&email=y",
                    "/api/admin", "/api/admin/nothing", "/api/auth/forgot-password", "/api/auth/forgot-password/",
        ]
        from method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post]
        select new FuzzRequest("path", method, path, method == HttpMethod.Post ? "{}"u8.ToArray() : null);
}
