using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Admin;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>One operation ends everything by which somebody could get into an account, whatever it is done for.</summary>
public sealed class AccessRevocationTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";
    private const string Mobile = "+447700900123";

    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => accounts.Portal;

    private Sessions Sessions => Portal.Services.GetRequiredService<Sessions>();

    public async ValueTask InitializeAsync()
    {
        Portal.With("Twilio:From", "+15005550006").With("Twilio:Countries", "GB").With("Admin:Emails", "admin@example.com");
        await accounts.VerifiedAsync("admin@example.com");
        await accounts.VerifiedAsync(Email);
        await Portal.Lane.RunAsync(
            db => db.Users.Where(user => user.Email == Email)
                .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumberConfirmed, true), Cancel), Cancel);
    }

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Theory]
    [InlineData("reset")]
    [InlineData("end sessions")]
    [InlineData("remove the number")]
    [InlineData("delete")]
    public async Task A_revocation_for_any_reason_ends_every_code_session_and_ticket_of_the_account(string what)
    {
        Portal.Wait(TimeSpan.FromMinutes(2));
        var user = (await accounts.AccountAsync(Email))!;
        var browser = await Portal.BeginAsync(Email);
        var program = await Portal.BeginAsync(Email, new SessionRequest(SessionKind.Api, TimeSpan.FromDays(30)));
        var earlier = await CodeAsync(Email);
        var texted = await CodeByNumberAsync();
        Portal.Wait(TimeSpan.FromMinutes(2));
        var newest = await CodeAsync(Email);
        var ticket = await TicketAsync();
        Assert.Equal(1, await Portal.Lane.RunAsync(
            async db =>
            {
                await Portal.Services.GetRequiredService<LoginTokens>().IssueAsync(db, user.Id);
                return await db.LoginTokens.CountAsync(Cancel);
            },
            Cancel));

        await DoAsync(what, user.Id, ticket);

        Assert.Null(await Sessions.FindAsync(browser.SessionId, user.Id, Cancel));
        Assert.Null(await Sessions.FindAsync(program.SessionId, user.Id, Cancel));
        Assert.Null(await Portal.Services.GetRequiredService<RefreshTokens>().RotateAsync(program.RefreshToken!, Cancel));
        Assert.Equal(0, await Portal.ReadAsync(db => db.LoginTokens.CountAsync(Cancel)));
        Assert.IsType<ResetOutcome.NoTicket>(await accounts.ResetPasswordAsync(Email, ticket, "yet another password"));
        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.SignInWithCodeAsync(Email, newest));
        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.SignInWithCodeAsync(Email, earlier));
        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.SignInWithCodeAsync(Mobile, texted));
    }

    [Fact]
    public async Task A_revoked_code_still_looks_as_if_it_waited_and_its_message_is_dropped_without_a_trace()
    {
        const string stranger = "nobody@example.com";
        Portal.Wait(TimeSpan.FromMinutes(2));
        foreach (var email in new[] { Email, stranger })
        {
            Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, OtpSteps.OtherBrowser));
        }

        var before = await Portal.StatusAsync(Email);
        var noted = await Portal.ReadAsync(db => db.Activity.CountAsync(Cancel));
        await RevokeAsync();

        Assert.Equal(before, await Portal.StatusAsync(Email));
        Assert.Equal(await Portal.StatusAsync(stranger), await Portal.StatusAsync(Email));
        Assert.Equal(noted, await Portal.ReadAsync(db => db.Activity.CountAsync(Cancel)));
        var row = await Portal.ReadAsync(db => db.Outbox.AsNoTracking()
            .SingleAsync(message => message.Email == Email && message.Purpose == "login", Cancel));
        Assert.Equal((MessageState.Superseded, null), (row.State, row.ProtectedCode));
        await Portal.DeliverAsync();
        Assert.DoesNotContain(Portal.Inbox, message => message.To == Email && message.Purpose == "login");

        // A guess, a resend and the cooldown answer as for an address that has no account.
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(
                await accounts.SignInWithCodeAsync(stranger, "123456", OtpSteps.OtherBrowser),
                    await accounts.SignInWithCodeAsync(Email, "123456", OtpSteps.OtherBrowser));
        }

        var refused = Assert.IsType<CodeRequestOutcome.Refused>(
            await accounts.RequestCodeAsync(Email, OtpSteps.OtherBrowser));
        Assert.Equal((SendRefusal.Cooldown, TimeSpan.FromMinutes(2)), (refused.Refusal.Reason, refused.Refusal.Wait));
    }

    [Fact]
    public async Task A_revocation_spares_the_excepted_session_and_other_accounts()
    {
        var (mine, other, admins) = (await Portal.BeginAsync(Email), await Portal.BeginAsync(Email),
            await Portal.BeginAsync("admin@example.com"));

        await RevokeAsync(mine.SessionId);

        Assert.NotNull(await Sessions.FindAsync(mine.SessionId, mine.User.Id, Cancel));
        Assert.Null(await Sessions.FindAsync(other.SessionId, other.User.Id, Cancel));
        Assert.NotNull(await Sessions.FindAsync(admins.SessionId, admins.User.Id, Cancel));
    }

    [Fact]
    public async Task A_revocation_does_not_end_the_codes_of_an_unverified_number()
    {
        await Portal.Lane.RunAsync(
            db => db.Users.Where(user => user.Email == Email)
                .ExecuteUpdateAsync(user => user.SetProperty(row => row.PhoneNumberConfirmed, false), Cancel), Cancel);
        var code = await Portal.SendAsync(Mobile);

        await RevokeAsync();

        Assert.IsType<VerifyOutcome.Verified>(await Portal.VerifyAsync(Mobile, code));
    }

    private Task RevokeAsync(string? exceptSession = null) => Portal.Lane.RunAsync(
        async db => await Portal.Services.GetRequiredService<AccessRevocation>()
            .RevokeAllAsync(db, await db.Users.SingleAsync(user => user.Email == Email, Cancel), exceptSession),
        Cancel);

    private async Task DoAsync(string what, string id, string ticket)
    {
        var people = Portal.Services.GetRequiredService<PeopleActions>();
        var admin = (await accounts.AccountAsync("admin@example.com"))!.Id;
        switch (what)
        {
            case "reset":
                Assert.IsType<ResetOutcome.Done>(await accounts.ResetPasswordAsync(Email, ticket, "a whole new password"));
                break;
            case "end sessions":
                Assert.Equal(PersonOutcome.Done, await people.EndSessionsAsync(id, admin, Cancel));
                break;
            case "delete":
                Assert.Equal(PersonOutcome.Done, await people.DeleteAsync(id, admin, Cancel));
                break;
            default:
                Assert.Null(await Portal.Services.GetRequiredService<AccountMobiles>().ChangeAsync(id, "", session: null, Cancel));
                break;
        }
    }

    private async Task<string> CodeAsync(string email)
    {
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, OtpSteps.Browser));
        return await Portal.CodeForAsync(email);
    }

    private async Task<string> CodeByNumberAsync()
    {
        Assert.IsType<CodeRequestOutcome.CodeSent>(
            await accounts.RequestCodeAsync(Mobile, OtpSteps.Browser));
        return await Portal.CodeForAsync(Mobile);
    }

    private async Task<string> TicketAsync()
    {
        await accounts.RequestCodeAsync(Email, OtpSteps.Browser, CodeUse.ResetPassword);
        return Assert.IsType<CodeEntryOutcome.TicketIssued>(
            await accounts.EnterCodeAsync(CodeUse.ResetPassword, Email, await Portal.CodeForAsync(Email), OtpSteps.Browser)).Ticket;
    }
}
