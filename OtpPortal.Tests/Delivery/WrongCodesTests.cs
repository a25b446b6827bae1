using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>Who guesses at a code until it dies is told on, to the address's owner and to nobody else.</summary>
public sealed class WrongCodesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_owner_is_notified_of_a_code_that_ended_by_wrong_guesses_once_an_hour_at_most()
    {
        const string email = "owner@example.com";
        await portal.Otp.SendAsync(
            new SendRequest(Identifier.FromStored(email), Purpose.Login, new Requester(OtpSteps.Browser, "Firefox on Windows")), Cancel);
        var wrong = PortalHost.Not(await portal.CodeForAsync(email));

        await portal.GuessAsync(email, wrong, 4);
        Assert.Empty(await NoticesAsync(email));
        await portal.GuessAsync(email, wrong);
        Assert.Equal(MessageKind.WrongCodes, Assert.Single(await NoticesAsync(email)).Kind);
        await portal.GuessAsync(email, wrong, 3);

        var notice = Assert.Single(await NoticesAsync(email));
        Assert.Equal(("Firefox on Windows", null, null), (notice.RequestedFrom, notice.ProtectedCode, notice.Purpose));
        await portal.DeliverAsync();
        var mail = portal.Inbox.First(message => message.To == email);
        Assert.Equal("Wrong codes were entered for your account", mail.Subject);
        Assert.Null(mail.Code);

        portal.Wait(TimeSpan.FromMinutes(59));
        await portal.GuessAsync(email, PortalHost.Not(await portal.SendAsync(email)), 6);
        Assert.Single(await NoticesAsync(email));

        portal.Wait(TimeSpan.FromMinutes(2));
        await portal.GuessAsync(email, PortalHost.Not(await portal.SendAsync(email)), 6);
        Assert.Equal(2, (await NoticesAsync(email)).Count);
    }

    [Fact]
    public async Task Five_wrong_guesses_at_the_same_moment_cause_one_notice()
    {
        const string email = "parallel@example.com";
        var wrong = PortalHost.Not(await portal.SendAsync(email));

        await ParallelCalls.RunAsync(20, _ => portal.VerifyAsync(email, wrong));

        Assert.Single(await NoticesAsync(email));
    }

    [Theory]
    [InlineData(MessageKind.Decoy)]
    [InlineData(MessageKind.AccountExists)]
    public async Task The_notice_of_wrong_guesses_at_a_decoy_is_a_decoy_itself(MessageKind kind)
    {
        var email = $"{kind}@example.com".ToLowerInvariant();
        await portal.Otp.SendAsync(
            new SendRequest(Identifier.FromStored(email), Purpose.Login, OtpSteps.Browser) { Message = kind }, Cancel);

        var last = await portal.GuessAsync(email, "123456", 5);

        Assert.Equal(new VerifyOutcome.Wrong(0), last);
        var sent = await portal.ReadAsync(db => db.Outbox.AsNoTracking().Where(row => row.Email == email).OrderBy(row => row.Id)
            .ToListAsync(Cancel));
        Assert.Equal([kind, MessageKind.Decoy], sent.Select(row => row.Kind));
        Assert.Null(sent[1].Purpose);
    }

    [Fact]
    public async Task Right_and_earlier_codes_cause_no_notice()
    {
        const string email = "right@example.com";
        var earlier = await portal.SendAsync(email);
        portal.Wait(TimeSpan.FromMinutes(2));
        var code = await portal.SendAsync(email);

        await portal.GuessAsync(email, PortalHost.Not(code) == earlier ? "000002" : PortalHost.Not(code), 4);
        await portal.GuessAsync(email, earlier, 6);
        Assert.IsType<VerifyOutcome.Verified>(await portal.VerifyAsync(email, code));

        Assert.Empty(await NoticesAsync(email));
    }

    private Task<List<OutboxMessage>> NoticesAsync(string email) => portal.ReadAsync(db => db.Outbox.AsNoTracking()
        .Where(row => row.Email == email && row.Purpose == null).OrderBy(row => row.Id).ToListAsync(Cancel));
}
