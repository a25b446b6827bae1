using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Another process holds the database: nobody waits long, and everybody is told to come again.</summary>
public sealed class LockedDatabaseTests
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task A_request_that_must_write_is_answered_503_within_five_seconds_and_works_afterwards()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Ann);
        var program = portal.NewVisitor();
        var browser = portal.NewVisitor();
        var form = await browser.OpenAsync("/login");
        var count = portal.CodesFor(Ann).Count;
        await program.PostAsync("forgot-password/send-otp", new { email = Ann }).Is(HttpStatusCode.Accepted);
        var otp = await portal.CodeForAsync(Ann, count + 1);
        await portal.DrainedAsync();

        Task<Reply> SendAsync() => program.PostAsync("login", new { email = "bob@example.com" });
        Task<Reply> VerifyAsync() => program.PostAsync("forgot-password/verify-otp", new { email = Ann, otp });
        Task<Reply> PostFormAsync() => browser.SubmitAsync(form, "Email me a code", ("Email", Ann));
        using (SqliteFile.Lock(portal.Database))
        {
            var answers = await Task.WhenAll(SendAsync().InTime(), VerifyAsync().InTime(), PostFormAsync().InTime());
            foreach (var answer in answers)
            {
                answer.Is(HttpStatusCode.ServiceUnavailable);
                Assert.True(int.Parse(answer.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture) > 0);
            }

            Assert.Equal("application/problem+json", answers[0].Header("Content-Type")?.Split(';')[0]);
            Assert.StartsWith("text/html", answers[2].Header("Content-Type"), StringComparison.Ordinal);
        }

        // The same requests, and the same form as it was: nothing of what was refused has happened. A client comes again when it was told
        // to.
        (await Prompt.AgainAsync(SendAsync)).Is(HttpStatusCode.Accepted);
        (await Prompt.AgainAsync(VerifyAsync)).Is(HttpStatusCode.OK);
        Assert.Equal("/verify", (await browser.FollowAsync(await Prompt.AgainAsync(PostFormAsync))).Path);
    }

    [Fact]
    public async Task A_page_that_only_reads_is_shown_while_the_database_is_locked()
    {
        await using var portal = await PublishedPortal.StartAsync();
        var browser = portal.NewVisitor();
        using (SqliteFile.Lock(portal.Database))
        {
            (await browser.OpenAsync("/login").InTime()).Is(HttpStatusCode.OK);
        }
    }
}
