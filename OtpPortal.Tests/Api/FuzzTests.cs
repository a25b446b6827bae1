using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Tests.Api.Fuzz;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Alone, because it keeps the machine busy.</summary>
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
public sealed class FuzzAlone;

/// <summary>
/// Thousands of malformed requests to a portal with everything running. The same ones in every run; <c>FUZZ_SEED</c> makes others. Whatever
/// they are, the portal refuses them in its own words, logs no exception, and serves the next one.
/// </summary>
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Wanted = 22_000;
    private const int RawByChance = 400;
    private const string Owner = "owner@example.com";
    private const string Problem = "application/problem+json";

    // What the framework itself says of bytes that are no HTTP, of connections that break and of bodies that break off or grow too long: at
    // a level that nobody sees who does not look for it, and before anything of ours runs.
    private static readonly string[] OfTheFramework =
        ["Debug Microsoft.AspNetCore.Server.Kestrel.BadRequests ",
            "Debug Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets ConnectionError:",
                "Debug Microsoft.AspNetCore.Http.RequestDelegateFactory RequestBodyIOException:"];

    private readonly int seed = int.Parse(Environment.GetEnvironmentVariable("FUZZ_SEED") ?? "20260301", CultureInfo.InvariantCulture);
    private readonly CollectedLogs logs = new() { FailuresOnly = true };
    private readonly ConcurrentDictionary<string, int> tally = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> faults = new();
    private ApiHost api = null!;
    private HttpClient client = null!;
    private FuzzClient fuzz = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IServiceProvider Portal => api.Portal.Services;

    public async ValueTask InitializeAsync()
    {
        api = new ApiHost { Portal = new PortalHost { Clock = null, Workers = true, Logs = logs, Configure = PortalHost.HashQuickly } };
        await api.InitializeAsync();
        client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
            }) { BaseAddress = api.Client.BaseAddress };
        fuzz = new FuzzClient(api.Portal, client, Owner);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task Every_fuzzed_request_is_refused_with_an_explanation_and_the_portal_serves_the_next()
    {
        await JourneyAsync(Owner);
        foreach (var route in FuzzRoute.All)
        {
            // Otherwise the requests below would be refused for something that they have in common.
            var (status, text) = await fuzz.SendAsync(FuzzRequest.Of(route, "well formed", route.Members.Length > 0 ? route.Body() : null));
            Assert.True(status == route.Usual, $"{route.Method} {route.Path}: {status} {text}");
        }

        var clock = Stopwatch.StartNew();
        var random = new SeededRandom(seed);
        var listed = FuzzRequests.Listed().ToList();
        var raw = RawRequests.All(random, RawByChance).ToList();
        var byChance = Enumerable.Range(0, Math.Max(1000, Wanted - listed.Count)).Select(_ => FuzzRequests.Random(random)).ToList();
        await AllAsync([.. listed, .. byChance], TryAsync);
        var (sent, inTime) = (listed.Count + byChance.Count, clock.Elapsed);
        await AllAsync(raw, TryRawAsync);

        output.WriteLine(
            $"Seed {seed}: {sent} requests in {inTime.TotalSeconds:f1} s, {raw.Count} on raw sockets in "
                + $"{(clock.Elapsed - inTime).TotalSeconds:f1} s; {logs.Count} lines logged.");
        output.WriteLine(
            string.Join(", ", tally.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Key}: {count.Value}")));
        Assert.True(faults.IsEmpty, $"FUZZ_SEED={seed}: {faults.Count} faults.\n{string.Join('\n', faults.Take(20))}");
        Assert.All((string[])["200", "202", "204", "400", "401", "403", "404", "405", "413", "415", "raw 0", "raw 400", "raw 401"],
            status => Assert.True(tally.ContainsKey(status), $"nothing was answered with {status}"));

        // The workers live too: what follows is delivered by them.
        await JourneyAsync("afterwards@example.com");
        var failures = logs.Lines.Select(line => $"{line.Level} {line.Category} {line.EventName}: {line.Text}")
            .Where(line => !OfTheFramework.Any(own => line.StartsWith(own, StringComparison.Ordinal))).ToList();
        var kinds = failures.GroupBy(line => line.Split(':')[0], StringComparer.Ordinal).Select(kind => $"{kind.Count()} × {kind.First()}");
        Assert.True(failures.Count == 0, $"FUZZ_SEED={seed}: {failures.Count} lines with an exception.\n{string.Join('\n', kinds)}");

        // At every level there are several to a request: they were read.
        Assert.True(logs.Count > 5 * sent, "the logs were not watched");
    }

    private static Task AllAsync<T>(IEnumerable<T> requests, Func<T, Task> send) =>
        Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel },
            async (request, _) => await send(request));

    private async Task TryAsync(FuzzRequest request)
    {
        try
        {
            var (status, _) = await AgainAsync(() => fuzz.SendAsync(request));
            tally.AddOrUpdate(((int)status).ToString(CultureInfo.InvariantCulture), 1, (_, count) => count + 1);
        }
        catch (HttpRequestException) when (request.Body?.Length > OtpPortal.Api.ApiMiddleware.MaxBody)
        {
            // The server may refuse and close before it has read all of what is too large (RFC 9112 §9.6): then the rest of it finds
            // nobody.
            tally.AddOrUpdate("closed", 1, (_, count) => count + 1);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            faults.Enqueue($"{request} → {failure.Message}");
        }
    }

    /// <summary>A disk that stalls for more than a second has the portal refuse what comes meanwhile; clients ask again.</summary>
    private static async Task<T> AgainAsync<T>(Func<Task<T>> ask)
    {
        for (var times = 1; ; times++)
        {
            try
            {
                return await ask();
            }
            catch (ServiceUnavailableException busy) when (times < 10)
            {
                await Task.Delay(busy.RetryAfter, Cancel);
            }
        }
    }

    private async Task TryRawAsync(byte[] request)
    {
        var answer = await RawHttp.SendAsync(client.BaseAddress!, request, ends: true);
        var status = RawHttp.StatusOf(answer);
        tally.AddOrUpdate($"raw {status}", 1, (_, count) => count + 1);

        // 505 is what the server says to another version of HTTP. A page may answer what leads out of the API.
        var told = answer.Contains("Content-Length: 0", StringComparison.Ordinal)
            || answer.Contains($"Content-Type: {Problem}", StringComparison.Ordinal)
            || answer.Contains("Content-Type: text/html", StringComparison.Ordinal);
        if ((status >= 500 && status != 505) || (status >= 400 && !told))
        {
            faults.Enqueue($"raw: {Encoding.Latin1.GetString(request)[..Math.Min(request.Length, 1000)]} → {answer}");
        }
    }

    /// <summary>The way of an honest program.</summary>
    private async Task JourneyAsync(string email)
    {
        var code = CodeMailedTo(email);
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("verify-email-otp", new { email, otp = await code.WaitAsync(TimeSpan.FromMinutes(1), Cancel) })).Is(
            HttpStatusCode.OK);
        var login = await api.LoginAsync(email);
        Assert.Equal(email, (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.OK).Of("email"));
        var refreshed = (await api.PostAsync("refresh", new { refreshToken = login.Of("refreshToken") })).Is(HttpStatusCode.OK);
        (await api.SendAsync(HttpMethod.Post, "/api/auth/logout", content: null, refreshed.Of("token"))).Is(HttpStatusCode.NoContent);
        (await api.GetAsync("/api/auth/me", refreshed.Of("token"))).Is(HttpStatusCode.Unauthorized);
    }

    private Task<string> CodeMailedTo(string email)
    {
        var inbox = Portal.GetRequiredService<DevInbox>();
        var code = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Received += () =>
        {
            if (inbox.Messages.FirstOrDefault(message => message.To == email)?.Code is { } mailed)
            {
                code.TrySetResult(mailed);
            }
        };
        return code.Task;
    }
}
