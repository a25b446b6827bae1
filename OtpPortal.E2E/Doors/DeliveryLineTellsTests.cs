using System.Net;
using System.Text.RegularExpressions;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody asks for a code for an address of somebody else and reads from the page what became of the message.</summary>
public sealed partial class DeliveryLineTellsTests
{
    private const string Known = "ann@known.example";
    private const string Unknown = "ann@other.example";

    [Fact]
    public async Task A_mailbox_that_the_mail_server_refuses_looks_like_an_address_without_an_account()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Known);
        portal.Mail.Script = SmtpServer.Refuses(Known, "550 5.1.1 No such mailbox");
        await AssertAlikeAsync(portal);
    }

    [Fact]
    public async Task Known_and_unknown_addresses_look_alike_with_the_mail_server_away_since_the_start()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Known);
        await portal.StopAsync();
        await portal.Mail.DisposeAsync();
        await portal.RestartAsync();
        await AssertAlikeAsync(portal);
    }

    /// <summary>Asks for a code for both, and compares their pages until what the portal says has settled.</summary>
    private static async Task AssertAlikeAsync(PublishedPortal portal)
    {
        foreach (var way in new[] { "/login", "/forgot-password" })
        {
            var (known, unknown) = (portal.NewVisitor(), portal.NewVisitor());
            await AskAsync(unknown, way, Unknown);
            await AskAsync(known, way, Known);

            // The state of the channel may change between two looks, but not at each of five in a row.
            var (alike, seen) = (0, "");
            for (var looks = 0; looks < 20 && (looks < 10 || alike < 5); looks++)
            {
                var (one, other) = (await LookAsync(known, Known), await LookAsync(unknown, Unknown));
                alike = one == other ? alike + 1 : 0;
                seen = one == other ? seen : $"With an account:\n{one}\n\nWithout:\n{other}";
                await Task.Delay(300, TestContext.Current.CancellationToken);
            }

            Assert.True(alike >= 5, seen);
        }
    }

    private static async Task AskAsync(Visitor stranger, string way, string email)
    {
        var verify = await stranger.SubmitAndFollowAsync(await stranger.OpenAsync(way), way == "/login" ? "Email me a code" : "Send code",
            ("Email", email));
        Assert.Equal("/verify", verify.Path);
    }

    private static async Task<string> LookAsync(Visitor stranger, string email)
    {
        var page = (await stranger.OpenAsync("/verify").Is(HttpStatusCode.OK)).Text.Replace(email, "ADDRESS", StringComparison.Ordinal);
        var main = page[page.IndexOf("<main", StringComparison.Ordinal)..];
        return Numbers().Replace(Spaces().Replace(Tags().Replace(main, " "), " "), "#");
    }

    [GeneratedRegex("<!--.*?-->|<[^>]*>", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
