using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OtpPortal.Tests.Support;

/// <summary>A portal that listens on a port of this machine, and the program that calls its API over HTTP.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private HttpClient? client;
    private ApiDescription? description;

    /// <summary>The portal. Configure it before the first use, with <see cref="PortalHost.With"/>.</summary>
    public PortalHost Portal { get; init; } = new() { Configure = PortalHost.HashQuickly };

    /// <summary>A client without cookies.</summary>
    public HttpClient Client => client ?? throw new InvalidOperationException("Start the host first.");

    /// <summary>One with settings of its own, started.</summary>
    public static async Task<ApiHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new ApiHost();
        foreach (var (key, value) in settings)
        {
            host.Portal.With(key, value);
        }

        await host.InitializeAsync();
        return host;
    }

    public async ValueTask InitializeAsync()
    {
        Portal.UseKestrel(0);
        await Portal.StartAsync();
        using var bare = new HttpClient { BaseAddress = Portal.ClientOptions.BaseAddress };
        description = await ApiDescription.ReadAsync(bare);
        client = NewClient();
    }

    /// <summary>What the portal says of its API. Every answer that a client of this host gets is held against it.</summary>
    public ApiDescription Description => description ?? throw new InvalidOperationException("Start the host first.");

    /// <summary>A client of its own, which follows no redirect and keeps no cookie.</summary>
    public HttpClient NewClient() =>
        new(new ConformanceHandler(Description, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }))
        {
            BaseAddress = Portal.ClientOptions.BaseAddress,
        };

    /// <summary>Posts an object as JSON to a path under <c>/api/auth/</c>.</summary>
    public Task<ApiResponse> PostAsync(string path, object body, string? token = null) =>
        SendAsync(HttpMethod.Post, $"/api/auth/{path}",
            new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json"), token);

    /// <summary>Gets a path.</summary>
    public Task<ApiResponse> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, content: null, token);

    public async Task<ApiResponse> SendAsync(HttpMethod method, string path, HttpContent? content, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await SendAsync(request);
    }

    public async Task<ApiResponse> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiResponse.OfAsync(response);
    }

    /// <summary>Registers and verifies an account.</summary>
    public async Task VerifiedAsync(string email, string password = Password)
    {
        (await PostAsync("register", new { email, password, firstName = "Ann", lastName = "Other" })).Is(HttpStatusCode.Accepted);
        (await PostAsync("verify-email-otp", new { email, otp = await Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);
    }

    /// <summary>Signs in to a verified account with its password.</summary>
    public async Task<ApiResponse> LoginAsync(string email, string password = Password) =>
        (await PostAsync("login", new { email, password })).Is(HttpStatusCode.OK);

    public async ValueTask DisposeAsync()
    {
        client?.Dispose();
        await Portal.DisposeAsync();
    }
}

/// <summary>What the API answered.</summary>
public sealed record ApiResponse(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public static async Task<ApiResponse> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Headers,
        response.Content.Headers.ContentType?.MediaType,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>Asserts the status; the body is in the message if it is another.</summary>
    public ApiResponse Is(HttpStatusCode expected)
    {
        Assert.True(expected == Status, $"Expected {(int)expected}, got {(int)Status}: {Text}");
        return this;
    }

    /// <summary>A member that is a text.</summary>
    public string Of(string member) => Json.GetProperty(member).GetString()!;

    /// <summary>A member that is a whole number.</summary>
    public long Number(string member) => Json.GetProperty(member).GetInt64();
}
