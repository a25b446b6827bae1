using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody tries doors that stay shut, again and again, and the administrator sees it.</summary>
public sealed class UnseenRefusalTests
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Refused_requests_are_recorded_as_a_few_events()
    {
        await using var portal = await PublishedPortal.StartAsync(("RateLimits__Enabled", "true"),
            ("RateLimits__VerificationsPerMinute", "1"));
        var begun = TimeProvider.System.GetTimestamp();
        await RefusedAsync("203.0.113.1", HttpStatusCode.BadRequest, visitor =>
            visitor.SendAsync(HttpMethod.Post, "/login", new FormUrlEncodedContent([new("_handler", "login")])));
        await RefusedAsync("203.0.113.2", HttpStatusCode.Forbidden, visitor =>
            visitor.SendAsync(HttpMethod.Post, "/api/auth/logout", null, ("Origin", "https://evil.example")));
        await RefusedAsync("203.0.113.3", HttpStatusCode.Unauthorized, visitor =>
            visitor.GetAsync("/api/admin/otp-stats", "no token at all"));
        await portal.NewVisitor("203.0.113.4").PostAsync("login", new { email = Ann, password = "wrong password" })
            .Is(HttpStatusCode.Unauthorized);
        await RefusedAsync("203.0.113.4", HttpStatusCode.TooManyRequests, visitor =>
            visitor.PostAsync("login", new { email = Ann, password = "wrong password" }));

        foreach (var (client, others) in new[] { ("203.0.113.1", 0), ("203.0.113.2", 0), ("203.0.113.3", 0), ("203.0.113.4", 1) })
        {
            // The event of a minute may be written when the minute is over.
            int Events() => SqliteFile.Read(portal.Database, "SELECT Id FROM Activity WHERE Client = $client",
                ("$client", client)).Count - others;
            await portal.UntilAsync(() => Events() > 0, $"no event told of what was refused to {client}", TimeSpan.FromSeconds(75));
            var minutes = (int)TimeProvider.System.GetElapsedTime(begun).TotalMinutes + 2;
            Assert.InRange(Events(), 1, minutes);
        }

        async Task RefusedAsync(string client, HttpStatusCode expected, Func<Visitor, Task<Reply>> tryAsync)
        {
            var visitor = portal.NewVisitor(client);
            for (var i = 0; i < 40; i++)
            {
                await tryAsync(visitor).Is(expected);
            }
        }
    }

    [Fact]
    public async Task The_event_of_a_sign_in_says_how_it_was_made()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Ann);
        var kinds = await NewRowsAsync(() => portal.NewVisitor().SignInAsync(Ann));
        Assert.Contains(kinds, row => row.Contains("password", StringComparison.OrdinalIgnoreCase));

        var codes = portal.CodesFor(Ann).Count;
        var program = portal.NewVisitor();
        await program.PostAsync("login", new { email = Ann }).Is(HttpStatusCode.Accepted);
        var otp = await portal.CodeForAsync(Ann, codes + 1);
        var byCode = await NewRowsAsync(() => program.PostAsync("login", new { email = Ann, otp }).Is(HttpStatusCode.OK));
        Assert.Contains(byCode, row => row.Contains("code", StringComparison.OrdinalIgnoreCase)
            && row.Contains("email", StringComparison.OrdinalIgnoreCase));

        var onPage = await NewRowsAsync(() => portal.NewVisitor().SignInOnPagesAsync(Ann));
        Assert.Contains(onPage, row => row.Contains("password", StringComparison.OrdinalIgnoreCase));
        Assert.NotEqual(kinds, onPage);

        // Kind 18 is a sign-in; the address is left out, because it says nothing of how.
        async Task<IReadOnlyList<string>> NewRowsAsync(Func<Task<Reply>> signIn)
        {
            const string Columns = "SELECT Purpose, Channel, Detail FROM Activity WHERE Kind = 18 AND Id > $last";
            var last = SqliteFile.Read(portal.Database, "SELECT COALESCE(MAX(Id), 0) FROM Activity")[0];
            await signIn();
            return SqliteFile.Read(portal.Database, Columns,
                ("$last", long.Parse(last, System.Globalization.CultureInfo.InvariantCulture)));
        }
    }
}
