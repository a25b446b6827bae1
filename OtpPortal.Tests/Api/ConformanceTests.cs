using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OtpPortal.Tests.Support;
using Xunit.Sdk;

namespace OtpPortal.Tests.Api;

/// <summary>
/// That the judge of all other tests' answers sees what is wrong: each answer here is a right one with one thing
/// changed.
/// </summary>
public sealed class ConformanceTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Sent = """{"message":"On its way.","cooldownSeconds":120,"expiresInSeconds":300}""";
    private const string Wait = """{"type":"urn:otpportal:problem:cooldown","title":"A code was sent a moment ago","status":429,"detail":"Try again in 97 seconds.","cooldownSeconds":97}""";
    private const string Fields = """{"type":"urn:otpportal:problem:fields","title":"x","status":400,"detail":"x","errors":{"email":["x"]}}""";

    [Theory]
    [InlineData("POST", "/api/auth/register", 202, Sent)]
    [InlineData("POST", "/API/Auth/Register/", 202, Sent)]
    [InlineData("POST", "/api/auth/register", 400, Fields)]
    [InlineData("POST", "/api/auth/register", 429, Wait)]
    [InlineData("GET", "/somewhere/else", 200, "anything")]
    public async Task A_response_that_conforms_to_the_description_passes(string method, string path, int status, string body) =>
        Assert.Equal(status, (int)(await AskAsync(method, path, status, body)).StatusCode);

    [Theory]
    [InlineData("a member is missing", "$.expiresInSeconds is missing", 202, """{"message":"x","cooldownSeconds":120}""")]
    [InlineData("a member is too much", "$.extra must not be there", 202,
        """{"message":"x","cooldownSeconds":120,"expiresInSeconds":300,"extra":1}""")]
    [InlineData("a member is null", "$.message is no string", 202, """{"message":null,"cooldownSeconds":120,"expiresInSeconds":300}""")]
    [InlineData("a member has another type", "$.cooldownSeconds is no integer", 202,
        """{"message":"x","cooldownSeconds":"120","expiresInSeconds":300}""")]
    [InlineData("a number has a fraction", "$.cooldownSeconds is no integer", 202,
        """{"message":"x","cooldownSeconds":1.5,"expiresInSeconds":300}""")]
    [InlineData(
        "a number is negative", "$.cooldownSeconds is less than 0", 202, """{"message":"x","cooldownSeconds":-1,"expiresInSeconds":300}""")]
    [InlineData("a number is too large", "$.cooldownSeconds is no int32", 202,
        """{"message":"x","cooldownSeconds":3000000000,"expiresInSeconds":300}""")]
    [InlineData(
        "a member is there twice", "no JSON", 202, """{"message":"x","message":"x","cooldownSeconds":120,"expiresInSeconds":300}""")]
    [InlineData("it is cut off", "no JSON", 202, """{"message":"x",""")]
    [InlineData("a text is a number", "$.message is no string", 202, """{"message":1,"cooldownSeconds":120,"expiresInSeconds":300}""")]
    [InlineData("it is an array", "$ is no object", 202, "[]")]
    [InlineData("the status is another", "no such answer", 200, Sent)]
    [InlineData("the status is a page's", "no such answer", 302, "")]
    [InlineData("the kind of problem is another route's", "fits 0 of", 400,
        """{"type":"urn:otpportal:problem:wrong-code","title":"x","status":400,"detail":"x","attemptsLeft":4}""")]
    [InlineData("a list in errors is empty", "fits 0 of", 400,
        """{"type":"urn:otpportal:problem:fields","title":"x","status":400,"detail":"x","errors":{"email":[]}}""")]
    [InlineData("the status in the body is another", "fits 0 of", 429,
        """{"type":"urn:otpportal:problem:cooldown","title":"x","status":400,"detail":"x","cooldownSeconds":97}""")]
    public async Task A_response_body_that_does_not_conform_fails_the_test(string what, string says, int status, string body)
    {
        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => AskAsync("POST", "/api/auth/register", status, body));

        Assert.True(failure.Message.Contains($"POST /api/auth/register answered {status}", StringComparison.Ordinal)
            && failure.Message.Contains(says, StringComparison.Ordinal), $"{what}: {failure.Message}");
    }

    [Theory]
    [InlineData("Retry-After", "the header Retry-After is missing")]
    [InlineData("Cache-Control", "the header Cache-Control is missing")]
    [InlineData("Content-Type", "the content type is none")]
    public async Task A_response_without_a_described_header_fails_the_test(string header, string says)
    {
        var failure = await Assert.ThrowsAnyAsync<XunitException>(() => AskAsync("POST", "/api/auth/register", 429, Wait, header));

        Assert.Contains(says, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/auth/nothing", 200, "{}")]
    [InlineData("PUT", "/api/auth/register", 202, Sent)]
    [InlineData("POST", "/api/auth/logout", 204, "{}")]
    public async Task A_response_that_is_not_described_fails_the_test(string method, string path, int status, string body) =>
        await Assert.ThrowsAnyAsync<XunitException>(() => AskAsync(method, path, status, body));

    [Fact]
    public void A_schema_keyword_that_is_not_checked_fails_the_test() =>
        Assert.Throws<NotSupportedException>(
            () => api.Description.Schemas.Check(System.Text.Json.Nodes.JsonNode.Parse("""{"multipleOf":2}""")!, 2).ToList());

    private async Task<HttpResponseMessage> AskAsync(string method, string path, int status, string body, string? without = null)
    {
        using var client = new HttpClient(new ConformanceHandler(api.Description, new Canned(status, body, without)));
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(new Uri("http://portal.example.com"), path));
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private sealed class Canned(int status, string body, string? without) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new StringContent(body, Encoding.UTF8, status < 400 ? "application/json" : "application/problem+json"),
            };
            answer.Headers.CacheControl = new CacheControlHeaderValue { NoStore = true };
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(97));
            HttpHeaders headers = without?.StartsWith("Content-", StringComparison.Ordinal) == true
                ? answer.Content.Headers
                : answer.Headers;
            if (without is not null)
            {
                headers.Remove(without);
            }

            return Task.FromResult(answer);
        }
    }
}
