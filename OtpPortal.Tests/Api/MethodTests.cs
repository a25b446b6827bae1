using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Methods that a route does not take, and what they are told.</summary>
public sealed class MethodTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("/api/auth/login", "POST", "GET PUT DELETE PATCH OPTIONS")]
    [InlineData("/api/auth/forgot-password/reset", "POST", "GET")]
    [InlineData("/api/auth/me", "GET, HEAD", "POST PUT DELETE OPTIONS")]
    [InlineData("/.well-known/jwks.json", "GET, HEAD", "POST PUT DELETE OPTIONS")]
    public async Task A_method_that_a_route_does_not_take_is_answered_with_those_it_takes(string path, string allowed, string methods)
    {
        foreach (var method in methods.Split(' '))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
            var answer = (await ApiResponse.OfAsync(response)).Is(HttpStatusCode.MethodNotAllowed);

            Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
            Assert.Equal("application/problem+json", answer.MediaType);
            Assert.Equal(405, answer.Number("status"));
        }
    }

    [Theory]
    [InlineData("/api/auth/login")]
    [InlineData("/api/auth/forgot-password/reset")]
    public async Task A_HEAD_request_that_a_route_does_not_take_is_answered_with_those_it_takes_and_no_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = (await ApiResponse.OfAsync(response)).Is(HttpStatusCode.MethodNotAllowed);

        Assert.Equal("POST", string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Empty(answer.Text);
    }

    [Fact]
    public async Task Every_route_that_takes_GET_takes_HEAD()
    {
        foreach (var path in new[] { "/.well-known/jwks.json", "/api/auth/me", "/api/auth/check" })
        {
            var whole = await api.GetAsync(path);
            var head = (await api.SendAsync(HttpMethod.Head, path, content: null)).Is(whole.Status);

            Assert.Empty(head.Text);
            Assert.Equal(whole.MediaType, head.MediaType);
        }
    }

    [Theory]
    [InlineData("/api/auth/nothing")]
    [InlineData("/api/nothing.json")]
    [InlineData("/.well-known/nothing")]
    public async Task An_unknown_path_is_answered_to_a_program_with_problem_details(string path)
    {
        var answer = (await api.GetAsync(path)).Is(HttpStatusCode.NotFound);

        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Contains("/openapi/v1.json", answer.Of("detail"), StringComparison.Ordinal);
    }
}
