using System.Text;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>Bytes on a socket that are no HTTP, or HTTP that no library would send.</summary>
public static class RawRequests
{
    private const string Json = "{\"email\":\"raw@example.com\",\"password\":\"correct horse battery\"}";
    private const string Usual = "Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";

    /// <summary>All that can be listed, and so many by chance.</summary>
    public static IEnumerable<byte[]> All(SeededRandom random, int byChance)
    {
        var listed = ((string[])[.. Lengths(), .. Chunks(), .. Lines(), .. Headers(), .. Hosts(), .. Protocols()]).Select(
            Encoding.Latin1.GetBytes).ToList();
        var whole = Encoding.Latin1.GetBytes(Post($"Content-Length: {Json.Length}\r\n", Json));
        var cut = Enumerable.Range(0, whole.Length).Select(length => whole[..length]);
        var changed = Enumerable.Range(0, byChance).Select(i => Changed(i % 2 == 0 ? whole : random.Of(listed), random));
        return [.. listed, .. cut, .. changed, [], [0], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03],
            random.Bytes(10_000)];
    }

    private static byte[] Changed(byte[] bytes, SeededRandom random)
    {
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            bytes = FuzzRequests.Changed(bytes, random);
        }

        return bytes;
    }

    private static string Post(string headers, string body) => $"POST /api/auth/login HTTP/1.1\r\n{Usual}{headers}\r\n{body}";

    private static string Get(string line, string headers = Usual) => $"{line}\r\n{headers}\r\n";

    private static IEnumerable<string> Lengths() =>
        ((string[])["-1", "+5", "0", "1", "5.0", "0x10", "five", "", " ", "99999999999999999999", "9223372036854775807", "4294967296",
            "16385", "60, 60", "60, 61", "60 60", "\u0666\u0660".Length + "\0", "1e2", "1000"])
        .SelectMany(length => (string[])[Post($"Content-Length: {length}\r\n", Json), Post($"Content-Length: {length}\r\n", "")])
        .Concat([
            Post($"Content-Length: {Json.Length}\r\nContent-Length: {Json.Length}\r\n", Json),
                Post($"Content-Length: {Json.Length}\r\nContent-Length: 1\r\n", Json), Post("", Json), Post("", ""),
                    Post($"content-length : {Json.Length}\r\n", Json),
            Post($"Content-Length: {Json.Length}\r\nTransfer-Encoding: chunked\r\n", Json),
                Post($"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                    Post($"Expect: 100-continue\r\nContent-Length: {Json.Length}\r\n", ""),
                        Post($"Expect: nonsense\r\nContent-Length: {Json.Length}\r\n", Json),
        ]);

    private static IEnumerable<string> Chunks() =>
        ((string[])
        [
            "", "0\r\n\r\n", "0\r\n", "0", "1\r\n{\r\n", "1\r\n{\r\n0\r\n\r\n", "zz\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}0\r\n\r\n", "2\n{}\n0\n\n", "2;ext=1\r\n{}\r\n0\r\n\r\n", "2;" + new string('x', 5000) + "\r\n{}\r\n0\r\n\r\n",
                    "FFFFFFFF\r\n{}", "FFFFFFFFFFFFFFFF\r\n{}", "80000000\r\n{}",
            "7fffffffffffffff\r\n{}", "0x2\r\n{}\r\n0\r\n\r\n", " 2\r\n{}\r\n0\r\n\r\n", "2 \r\n{}\r\n0\r\n\r\n",
                "\r\n2\r\n{}\r\n0\r\n\r\n", "2\r\n{}\r\n0\r\nTrailer: x\r\n\r\n", "2\r\n{}\r\n0\r\nHost: evil\r\nContent-Length: 5\r\n\r\n",
                    "2\r\n{}\r\n0\r\n" + new string('a', 9000), "00000000000000000000000002\r\n{}\r\n0\r\n\r\n",
            "4001\r\n" + new string(' ', 0x4001) + "\r\n0\r\n\r\n", string.Concat(Enumerable.Repeat("1\r\n \r\n", 20_000)) + "0\r\n\r\n",
                "2\r\n{}\r\n0\r\n\r\nGET /api/auth/me HTTP/1.1\r\n\r\n", "\0", "{}",
        ])
        .Select(body => Post("Transfer-Encoding: chunked\r\n", body))
        .Concat(((string[])["gzip", "chunked, gzip", "gzip, chunked", "identity", "xchunked", "chunked, chunked", "", "\tchunked",
            "chunked\r\nTransfer-Encoding: identity"]).Select(coding => Post($"Transfer-Encoding: {coding}\r\n", "2\r\n{}\r\n0\r\n\r\n")));

    private static IEnumerable<string> Lines() =>
        ((string[])
        [
            "", " ", "GET", "GET /", "GET  /api/auth/me HTTP/1.1", "GET /api/auth/me", "GET /api/auth/me HTTP/1.1 x",
                " GET /api/auth/me HTTP/1.1", "GET\t/api/auth/me\tHTTP/1.1", "GET /api/auth/me http/1.1", "GET /api/auth/me HTTP/0.9",
                    "GET /api/auth/me HTTP/1.0", "GET /api/auth/me HTTP/1.2", "GET /api/auth/me HTTP/2",
            "GET /api/auth/me HTTP/3.0", "GET /api/auth/me HTTP/9.9", "GET /api/auth/me FTP/1.1", "GET /api/auth/me HTTP/1.1\0",
                "GET /api/auth/me\0 HTTP/1.1", "GET /api/auth/m e HTTP/1.1", "GET /api/auth/\u00e9 HTTP/1.1", "GET /api/auth/%00 HTTP/1.1",
                    "GET /api/auth/%zz HTTP/1.1", "GET /api/auth/../../app.db HTTP/1.1",
            "GET /api/auth/%2e%2e/%2e%2e/app.db HTTP/1.1", "GET //api/auth/me HTTP/1.1", "GET \\api\\auth\\me HTTP/1.1",
                "GET api/auth/me HTTP/1.1", "GET * HTTP/1.1", "OPTIONS * HTTP/1.1", "GET http://localhost/api/auth/me HTTP/1.1",
                    "GET http://evil.example/api/auth/me HTTP/1.1", "GET http:/// HTTP/1.1", "GET https:// HTTP/1.1",
            "CONNECT localhost:80 HTTP/1.1", "CONNECT /api/auth/me HTTP/1.1", "GET /api/auth/me# HTTP/1.1",
                "GET /api/auth/me?" + new string('x', 9000) + " HTTP/1.1", "GET /" + new string('x', 9000) + " HTTP/1.1",
                    "G\u00cbT /api/auth/me HTTP/1.1", "G,T /api/auth/me HTTP/1.1", "G:T /api/auth/me HTTP/1.1",
                        new string('G', 9000) + " / HTTP/1.1",
            "GET /api/auth/me HTTP/1.1\r", "\r\n\r\nGET /api/auth/me HTTP/1.1", "\nGET /api/auth/me HTTP/1.1", "PRI * HTTP/2.0",
                "TRACE /api/auth/me HTTP/1.1", "TRACK /api/auth/me HTTP/1.1",
        ]).Select(line => Get(line));

    private static IEnumerable<string> Headers() =>
        ((string[])
        [
            "X", "X:", ":", ": x", "X : y", "X\0: y", "X: \0", "X: \u0001\u007f", "X: \u00e9", "\u00e9: x", "X: a\r\n b", "X: a\rb",
                "X: a\nb", " X: a", "X Y: a", "X(Y): a", "\"X\": a", "X: " + new string('y', 40_000), new string('X', 40_000) + ": y",
                    string.Concat(Enumerable.Range(0, 99).Select(i => $"X{i}: y\r\n")) + "X: y",
            string.Concat(Enumerable.Range(0, 200).Select(i => $"X{i}: y\r\n")) + "X: y",
                string.Concat(Enumerable.Repeat("Authorization: Bearer x\r\n", 50)) + "X: y", "Authorization: \0",
                    "Authorization: Bearer \u00ff\u00fe", "Cookie: " + string.Concat(Enumerable.Range(0, 1000).Select(i => $"a{i}=b; ")),
                        "Cookie: \u00e9", "Upgrade: websocket\r\nConnection: Upgrade",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAAA", "Connection: x, y, z", "Connection: Host",
                "Keep-Alive: timeout=-1", "TE: trailers, \0", "Trailer: Content-Length",
                    "Content-Type: application/json\r\nContent-Type: text/plain", "Origin: http://a\r\nOrigin: http://b", "Origin: \u00e9",
        ]).SelectMany(
            header =>
                (string[])[Get("GET /api/auth/me HTTP/1.1", $"{Usual}{header}\r\n"),
                    $"POST /api/auth/refresh HTTP/1.1\r\n{Usual}{header}\r\nContent-Length: 2\r\n\r\n{{}}"]);

    private static IEnumerable<string> Hosts() =>
        ((string[])["", "Host:\r\n", "Host: \r\n", "Host: a\r\nHost: b\r\n", "Host: \0\r\n", "Host: \u00e9\r\n", "Host: a b\r\n",
            "Host: a/b\r\n", "Host: user@a\r\n", "Host: a:b\r\n", "Host: a:99999\r\n", "Host: a:-1\r\n", "Host: [::1\r\n",
                "Host: [::1]:80\r\n", "Host: evil.example\r\n", "Host: " + new string('a', 5000) + "\r\n", "Host: a,b\r\n",
                    "Host: <script>\r\n", "Host: a\r\n X\r\n", "Host: ..\r\n", "Host: %00\r\n", "Host: localhost.\r\n"])
        .SelectMany(host => (string[])["/api/auth/me", "/api/auth/check", "/.well-known/jwks.json"],
            (host, path) => Get($"GET {path} HTTP/1.1", $"{host}Connection: close\r\n"));

    private static IEnumerable<string> Protocols() =>
    [
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "SSH-2.0-OpenSSH_9.0\r\n", "EHLO localhost\r\n", "*1\r\n$4\r\nPING\r\n", "{}", "<xml/>",
            "GET /api/auth/me HTTP/1.1\nHost: localhost\nConnection: close\n\n", "GET /api/auth/me HTTP/1.1\rHost: localhost\r\r",
                "GET /api/auth/me HTTP/1.0\r\n\r\n", "GET /api/auth/me\r\n", "\r\n\r\n\r\n", new string('\n', 5000),
                    new string('A', 50_000), new string('\0', 5000),
        Get("GET /api/auth/me HTTP/1.1", "Host: localhost\r\n") + Get("GET /api/auth/me HTTP/1.1", "Host: localhost\r\n")
            + Get("GET /api/auth/check HTTP/1.1"), Post($"Content-Length: {Json.Length}\r\n", Json + "GET / HTTP/1.1"),
    ];
}
