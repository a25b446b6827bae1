using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>The API while the database is away: 503 in time, nothing is lost, and everything works afterwards.</summary>
public sealed class UnavailableTests : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    // With the clock of the machine, as in production.
    private readonly ApiHost api = new() { Portal = new PortalHost { Configure = PortalHost.HashQuickly, Clock = null } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Every_route_that_writes_answers_503_within_five_seconds_while_the_database_is_locked()
    {
        var requests = await RequestsAsync();
        Assert.Equal(ApiRoutes.ThatChange(api).Select(route => route.Path).Order(StringComparer.Ordinal),
            requests.Select(request => $"/api/auth/{request.Path}").Order(StringComparer.Ordinal));

        await using (await FileLock.TakeAsync(api.Portal.DatabasePath))
        {
            await Task.WhenAll(requests.Select(IsUnavailableAsync));

            // Readers go on.
            (await api.GetAsync("/api/auth/me", requests.Single(request => request.Path == "logout").Token)).Is(HttpStatusCode.OK);
            (await api.GetAsync("/.well-known/jwks.json")).Is(HttpStatusCode.OK);
        }

        foreach (var request in requests)
        {
            (await SendAsync(request)).Is(request.Success);
        }
    }

    [Fact]
    public async Task New_requests_are_refused_at_once_while_the_database_is_locked_for_longer()
    {
        await api.CodeIsAcceptedAsync("before@example.com");
        await using (await FileLock.TakeAsync(api.Portal.DatabasePath))
        {
            var first = IsUnavailableAsync(new Request("send-email-otp", new { email = "first@example.com" }, HttpStatusCode.Accepted));
            await Task.Delay(TimeSpan.FromSeconds(2.5), Cancel);
            var watch = Stopwatch.StartNew();
            var second = api.PostAsync("send-email-otp", new { email = "second@example.com" });

            (await second).IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
            await first;
        }
    }

    [Fact]
    public async Task A_request_with_a_token_gets_503_and_not_401_or_500_while_the_database_is_gone()
    {
        await api.VerifiedAsync("ann@example.com");
        var token = (await api.LoginAsync("ann@example.com")).Of("token");

        File.Move(api.Portal.DatabasePath, api.Portal.DatabasePath + ".gone");
        SqliteConnection.ClearAllPools();
        IsUnavailable(await api.GetAsync("/api/auth/me", token));
        IsUnavailable(await api.GetAsync("/api/auth/check", token));

        Assert.False(File.Exists(api.Portal.DatabasePath));
        File.Move(api.Portal.DatabasePath + ".gone", api.Portal.DatabasePath);
        (await api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("PRAGMA max_page_count=1", "database or disk is full")]
    [InlineData("PRAGMA query_only=1", "readonly")]
    public async Task A_send_is_refused_while_the_disk_is_full_or_read_only_and_accepted_afterwards(string fault, string reason)
    {
        // The fault is one of the lane's own connection, which is opened anew once it has shown. Before that, a few sends find room that
        // was free.
        await api.Portal.Lane.RunAsync(db => db.QueryAsync(fault, row => row.FieldCount), Cancel);
        var sends = 0;
        var answer = await api.PostAsync("send-email-otp", new { email = $"person{sends}@example.com" });
        while (answer.Status == HttpStatusCode.Accepted && ++sends < 1000)
        {
            answer = await api.PostAsync("send-email-otp", new { email = $"person{sends}@example.com" });
        }

        IsUnavailable(answer);
        Assert.DoesNotContain(reason, answer.Text, StringComparison.Ordinal);
        (await api.PostAsync("send-email-otp", new { email = $"person{sends}@example.com" })).Is(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_portal_that_is_stopping_refuses_writes_with_503()
    {
        await api.Portal.Lane.DisposeAsync();

        IsUnavailable(await api.PostAsync("send-email-otp", new { email = "late@example.com" }));
    }

    private static void IsUnavailable(ApiResponse answer)
    {
        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    private async Task IsUnavailableAsync(Request request)
    {
        var watch = Stopwatch.StartNew();
        IsUnavailable(await SendAsync(request));
        Assert.True(watch.Elapsed < Longest, $"{request.Path} took {watch.Elapsed}.");
    }

    private Task<ApiResponse> SendAsync(Request request) => request.Body is { } body
        ? api.PostAsync(request.Path, body, request.Token)
        : api.SendAsync(HttpMethod.Post, $"/api/auth/{request.Path}", content: null, request.Token);

    /// <summary>
    /// One good request for every route, each of another person. Codes and tokens are good once: what was refused must not have used them
    /// up.
    /// </summary>
    private async Task<List<Request>> RequestsAsync()
    {
        const string password = ApiHost.Password;
        string[] people = ["send", "verify", "login", "refresh", "logout", "forgot", "forgot-verify", "reset"];
        foreach (var person in people)
        {
            await api.VerifiedAsync($"{person}@example.com");
        }

        var code = await api.CodeAsync("verify@example.com", "login");
        (await api.PostAsync("forgot-password/send-otp", new { email = "forgot-verify@example.com" })).Is(HttpStatusCode.Accepted);
        var resetCode = await api.Portal.CodeForAsync("forgot-verify@example.com");
        return
        [
            new("register", new { email = "new@example.com", password }, HttpStatusCode.Accepted),
            new("send-email-otp", new { email = "send@example.com", purpose = "login" }, HttpStatusCode.Accepted),
            new("verify-email-otp", new { email = "verify@example.com", purpose = "login", otp = code }, HttpStatusCode.OK),
            new("login", new { email = "login@example.com", password }, HttpStatusCode.OK),
            new("refresh", new { refreshToken = (await api.LoginAsync("refresh@example.com")).Of("refreshToken") }, HttpStatusCode.OK),
            new("forgot-password/send-otp", new { email = "forgot@example.com" }, HttpStatusCode.Accepted),
            new("forgot-password/verify-otp", new { email = "forgot-verify@example.com", otp = resetCode }, HttpStatusCode.OK),
            new("forgot-password/reset",
                new { email = "reset@example.com", resetToken = await api.ResetTokenAsync("reset@example.com"),
                    newPassword = "another good password" }, HttpStatusCode.OK),
            new("logout", null, HttpStatusCode.NoContent) { Token = (await api.LoginAsync("logout@example.com")).Of("token") },
        ];
    }

    private sealed record Request(string Path, object? Body, HttpStatusCode Success)
    {
        public string? Token { get; init; }
    }
}
