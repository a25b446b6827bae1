using System.Net;
using System.Net.Sockets;
using System.Text;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>What is no small JSON object in UTF-8 is refused by every route that reads one, and nothing is written.</summary>
public sealed class BodyTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const int Most = 16 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_route_with_a_body_is_in_the_table_of_this_test()
    {
        // Without this one the others would pass on an empty list.
        string[] table =
        [
            "register", "send-email-otp", "verify-email-otp", "login", "refresh",
            "forgot-password/send-otp", "forgot-password/verify-otp", "forgot-password/reset",
        ];

        Assert.Superset(table.Select(path => $"/api/auth/{path}").ToHashSet(), ApiRoutes.ThatRead(api).ToHashSet());
    }

    [Theory]
    [InlineData("{\"email\": \"ann@example.com\",\n  \"password\" \"x\"}", 2, 14)]
    [InlineData("{\"email\"", 1, 9)]
    [InlineData("{\"email\": 5}", 1, 12)]
    [InlineData("{\n\"email\": {\"of\": \"Ann\"}}", 2, 11)]
    [InlineData("[]", 1, 2)]
    [InlineData("\"text\"", 1, 7)]
    [InlineData("{email: 1}", 1, 2)]
    [InlineData("{\"nothingOfOurs\": 1}", 1, 18)]
    [InlineData("{} {}", 1, 4)]
    [InlineData("{,}", 1, 2)]
    public async Task Malformed_JSON_is_refused_with_line_and_position(string text, int line, int position)
    {
        foreach (var path in ApiRoutes.ThatRead(api)
            .Where(path => !text.Contains("email", StringComparison.Ordinal) || !path.EndsWith("/refresh", StringComparison.Ordinal)))
        {
            var answer = (await api.PostTextAsync(path, text)).IsProblem(HttpStatusCode.BadRequest, "body", "line", "position");

            Assert.Equal((path, line, position), (path, answer.Number("line"), answer.Number("position")));
            Assert.Contains($"line {line}, byte {position}", answer.Of("detail"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_member_of_a_request_is_named()
    {
        foreach (var path in ApiRoutes.ThatRead(api))
        {
            var answer = await api.PostTextAsync(path, "{\"emial\": \"ann@example.com\"}");

            Assert.Contains(
                "$.emial", answer.IsProblem(HttpStatusCode.BadRequest, "body", "line", "position").Of("detail"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"email\": \"ann@example.com\", \"email\": \"bob@example.com\"}")]
    [InlineData("{\"email\": \"ann@example.com\", \"Email\": \"bob@example.com\"}")]
    [InlineData("{\"email\": \"ann@example.com\", \"\\u0065mail\": \"bob@example.com\"}")]
    public async Task A_duplicate_member_of_a_request_is_refused(string text)
    {
        foreach (var path in ApiRoutes.ThatRead(api).Where(path => !path.EndsWith("/refresh", StringComparison.Ordinal)))
        {
            (await api.PostTextAsync(path, text)).IsProblem(HttpStatusCode.BadRequest, "body", "line", "position");
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_null_or_empty_body_is_refused(string text)
    {
        foreach (var path in ApiRoutes.ThatRead(api))
        {
            var answer = (await api.PostTextAsync(path, text)).Is(HttpStatusCode.BadRequest);

            Assert.Equal("urn:otpportal:problem:body", answer.Of("type"));
        }
    }

    [Fact]
    public async Task A_request_without_a_body_is_refused()
    {
        foreach (var path in ApiRoutes.ThatRead(api))
        {
            var answer = await api.SendAsync(HttpMethod.Post, path, content: null);

            Assert.Contains(answer.Status, new[] { HttpStatusCode.BadRequest, HttpStatusCode.UnsupportedMediaType });
            Assert.Equal("application/problem+json", answer.MediaType);
        }
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "email=ann@example.com")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    [InlineData("text/plain", "{\"email\": \"ann@example.com\"}")]
    [InlineData("text/json", "{\"email\": \"ann@example.com\"}")]
    [InlineData("application/json; charset=iso-8859-1", "{\"email\": \"ann@example.com\"}")]
    [InlineData("application/json; charset=utf-16", "{\"email\": \"ann@example.com\"}")]
    [InlineData("application/jsonx", "{\"email\": \"ann@example.com\"}")]
    [InlineData("garbage", "{\"email\": \"ann@example.com\"}")]
    [InlineData(null, "{\"email\": \"ann@example.com\"}")]
    public async Task A_body_of_another_content_type_is_refused(string? contentType, string text)
    {
        foreach (var (method, path) in ApiRoutes.ThatChange(api))
        {
            (await api.SendAsync(method, path, ApiAssertions.Content(text, contentType))).IsProblem(
                HttpStatusCode.UnsupportedMediaType, "not-json");
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    public async Task A_body_of_JSON_in_UTF_8_is_read(string contentType)
    {
        foreach (var path in ApiRoutes.ThatRead(api))
        {
            Assert.Equal("urn:otpportal:problem:fields",
                (await api.PostTextAsync(path, "{}", contentType)).Is(HttpStatusCode.BadRequest).Of("type"));
        }
    }

    [Fact]
    public async Task A_body_of_sixteen_KiB_is_read_and_one_byte_more_is_refused()
    {
        var largest = "{}".PadRight(Most);
        foreach (var path in ApiRoutes.ThatRead(api))
        {
            (await api.PostTextAsync(path, largest)).Is(HttpStatusCode.BadRequest);
            (await api.PostTextAsync(path, largest + " ")).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too-large");
        }
    }

    [Fact]
    public async Task A_body_without_a_content_length_is_refused_once_it_is_too_long()
    {
        var address = api.Portal.ClientOptions.BaseAddress;
        foreach (var path in ApiRoutes.ThatRead(api))
        {
            // By hand: a ready-made client would see only that the connection is closed while it still sends.
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, Cancel);
            await using var stream = client.GetStream();
            var head = $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                + "chunked\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}{Most + 1:X}\r\n{"{}".PadRight(Most + 1)}\r\n0\r\n\r\n"), Cancel);

            using var reader = new StreamReader(stream, Encoding.ASCII);
            var answer = await reader.ReadToEndAsync(Cancel);
            Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
            Assert.True(answer.Contains("urn:otpportal:problem:too-large", StringComparison.Ordinal), answer);
        }
    }

    [Theory]
    [InlineData("PUT", "/api/auth/login", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/api/auth/me", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/auth/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "/API/elsewhere", HttpStatusCode.NotFound)]
    public async Task An_unknown_API_route_is_answered_with_problem_details_and_no_page(string method, string path, HttpStatusCode status)
    {
        var answer = (await api.SendAsync(new HttpMethod(method), path, content: null)).Is(status);

        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal((long)status, answer.Number("status"));
    }
}
