using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Tests.Support;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>
/// What is refused before anything is done for it is counted every time, and is one event a minute for each client and reason.
/// </summary>
public sealed class EdgeRefusalsTests : IAsyncLifetime
{
    private const string Metric = "otpportal.edge.refusals";

    private readonly ApiHost api = new();
    private CollectedMetrics metrics = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => api.Portal;

    public async ValueTask InitializeAsync()
    {
        Portal.With("RateLimits:Enabled", "true").With("RateLimits:VerificationsPerMinute", "2")
            .With("ReverseProxy:KnownProxies", "127.0.0.1");
        await api.InitializeAsync();
        metrics = new CollectedMetrics(Portal);
    }

    public async ValueTask DisposeAsync()
    {
        metrics.Dispose();
        await api.DisposeAsync();
    }

    [Theory]
    [InlineData("form token")]
    [InlineData("origin of a form")]
    [InlineData("origin of the API")]
    [InlineData("origin of a live connection")]
    [InlineData("not allowed: no token")]
    [InlineData("not allowed: no administrator")]
    [InlineData("not allowed: a stranger")]
    [InlineData("not allowed: no administrator, on a page")]
    public async Task An_edge_refusal_is_one_event_a_minute_for_each_client_and_a_metric_every_time(string refused)
    {
        await api.VerifiedAsync("ann@example.com");
        var token = (await api.LoginAsync("ann@example.com")).Of("token");
        var session = await Portal.SignInAsync("ann@example.com");

        await RefuseSixTimesAsync(() => RefusedRequests.For(refused, token, $"{session.Name}={session.Value}"));

        await AssertEventsAndMetricAsync(refused.Split(" of ")[0].Split(':')[0]);
    }

    [Fact]
    public async Task A_refusal_by_the_client_limit_is_one_event_a_minute_for_each_client_and_a_metric_every_time()
    {
        // The window of the limit is of the machine's time, so it is filled at once, and what comes after it is refused.
        FillLimitOf("203.0.113.1");
        FillLimitOf("203.0.113.2");

        await RefuseSixTimesAsync(() => RefusedRequests.For("client limit", token: "", session: ""));

        await AssertEventsAndMetricAsync("client limit");
    }

    [Fact]
    public async Task An_ordinary_response_is_not_recorded_as_an_edge_refusal()
    {
        await api.VerifiedAsync("ann@example.com");
        var token = (await api.LoginAsync("ann@example.com")).Of("token");
        (await api.GetAsync("/api/auth/me", token)).Is(HttpStatusCode.OK);

        // A page for people who are signed in sends others to the sign-in.
        (await api.GetAsync("/account")).Is(HttpStatusCode.Redirect);
        (await api.GetAsync("/admin/otp")).Is(HttpStatusCode.Redirect);
        await Portal.Lane.RunAsync(_ => Task.CompletedTask, Cancel);

        Assert.Empty(metrics.Sums(Metric));
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public async Task A_flood_from_many_clients_records_and_remembers_a_bounded_number_of_refusals()
    {
        var refusals = Portal.Services.GetRequiredService<EdgeRefusals>();
        for (var i = 0; i < 3000; i++)
        {
            refusals.Count(From(i), EdgeRefusal.Origin);
        }

        Assert.Equal(EdgeRefusals.MaxRemembered, (await EventsAsync()).Count);
        Assert.Equal(3000, metrics.Sums(Metric)["origin"]);

        // A minute later there is room again.
        Portal.Clock!.Advance(TimeSpan.FromMinutes(1));
        refusals.Count(From(2999), EdgeRefusal.Origin);
        Assert.Equal(EdgeRefusals.MaxRemembered + 1, (await EventsAsync()).Count);

        static DefaultHttpContext From(int i) =>
            new() { Connection = { RemoteIpAddress = new IPAddress(new byte[] { 10, 0, (byte)(i >> 8), (byte)i }) } };
    }

    [Fact]
    public async Task A_database_that_cannot_be_written_delays_and_fails_no_edge_refusal()
    {
        var stuck = new TaskCompletionSource();
        var held = Portal.Lane.RunAsync(_ => stuck.Task, Cancel);

        using var request = RefusedRequests.For("form token", token: "", session: "");
        using var answer = await api.Client.SendAsync(request, Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        stuck.SetException(new InvalidOperationException("The disk is full."));
        await Assert.ThrowsAsync<InvalidOperationException>(() => held);
        Assert.Single(await EventsAsync());
    }

    private void FillLimitOf(string client)
    {
        var limits = Portal.Services.GetRequiredService<ClientLimits>();
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(client) } };
        Assert.Null(limits.CountVerification(context));
        Assert.Null(limits.CountVerification(context));
    }

    /// <summary>One client four times within a minute and once afterwards, and another one once.</summary>
    private async Task RefuseSixTimesAsync(Func<HttpRequestMessage> newRequest)
    {
        for (var i = 0; i < 3; i++)
        {
            await RefuseAsync("203.0.113.1");
        }

        await RefuseAsync("203.0.113.2");
        Portal.Clock!.Advance(TimeSpan.FromSeconds(59));
        await RefuseAsync("203.0.113.1");
        Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await RefuseAsync("203.0.113.1");

        async Task RefuseAsync(string client)
        {
            using var request = newRequest();
            request.Headers.Add("X-Forwarded-For", client);
            using var answer = await api.Client.SendAsync(request, Cancel);
            Assert.True((int)answer.StatusCode is 400 or 401 or 403 or 429, $"{answer.StatusCode}");

            // Its event is written behind the answer. The lane counts the time that a unit waits by the clock that is moved above.
            await Portal.Lane.RunAsync(_ => Task.CompletedTask, Cancel);
        }
    }

    private async Task AssertEventsAndMetricAsync(string reason)
    {
        var events = await EventsAsync();
        Assert.Equal(
            [("203.0.113.1", reason), ("203.0.113.2", reason), ("203.0.113.1", reason)], events.Select(row => (row.Client, row.Detail)));
        Assert.All(events, row => Assert.NotEmpty(row.Correlation));
        Assert.Equal(6, metrics.Sums(Metric)[reason.Replace(' ', '_')]);
        Assert.Single(metrics.Sums(Metric));
    }

    /// <summary>What the log has, once everything that was put into the lane before is done.</summary>
    private async Task<List<ActivityEvent>> EventsAsync()
    {
        await Portal.Lane.RunAsync(_ => Task.CompletedTask, Cancel);
        return await Portal.ReadAsync(db => db.Activity.Where(row => row.Kind == ActivityEventKind.RefusedAtEdge).OrderBy(row => row.Id)
            .ToListAsync(Cancel));
    }
}
