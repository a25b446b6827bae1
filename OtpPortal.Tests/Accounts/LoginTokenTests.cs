using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>The code of a second factor belongs to the password before it, and to nothing else.</summary>
public sealed class LoginTokenTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";
    private const string Other = "bob@example.com";

    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private PortalHost Portal => accounts.Portal;

    public async ValueTask InitializeAsync()
    {
        Portal.With("SignIn:SecondFactor", "Code");
        await accounts.VerifiedAsync(Email);
        await accounts.VerifiedAsync(Other);
    }

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Fact]
    public async Task A_code_signs_in_with_its_own_login_token_alone_and_only_the_right_code_uses_it_up()
    {
        var (mine, others) = (await PasswordAsync(Email), await PasswordAsync(Other));
        var code = await Portal.CodeForAsync(Email);

        Assert.Equal(new VerifyOutcome.None(), await RefusedAsync(code, token: null));
        Assert.Equal(new VerifyOutcome.None(), await RefusedAsync(code, others));
        Assert.Equal(new VerifyOutcome.Wrong(4), await RefusedAsync(PortalHost.Not(code), mine));
        Assert.Equal(2, await TokensAsync());

        Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(Email, code, loginToken: mine));
        Assert.Equal(1, await TokensAsync());
        Assert.Equal(new VerifyOutcome.None(), await RefusedAsync(code, mine));
    }

    [Fact]
    public async Task A_session_after_two_factors_records_that_both_were_given()
    {
        var token = await PasswordAsync(Email);

        var accepted = Assert.IsType<CodeEntryOutcome.Accepted>(
            await accounts.SignInWithCodeAsync(Email, await Portal.CodeForAsync(Email), loginToken: token));

        Assert.Equal("password and code",
            await Portal.ReadAsync(db => db.Sessions.Where(row => row.Id == accepted.Session!.SessionId).Select(row => row.Method)
                .SingleAsync(Cancel)));
        Assert.Equal("password and code by email, page", await Portal.ReadAsync(db => db.Activity
            .Where(noted => noted.Kind == ActivityEventKind.SignedIn && noted.Address == Email).OrderByDescending(noted => noted.Id)
            .Select(noted => noted.Detail).FirstAsync(Cancel)));
    }

    [Fact]
    public async Task A_login_token_is_good_for_ten_minutes()
    {
        var (early, late) = (await PasswordAsync(Email), await PasswordAsync(Other));

        Portal.Wait(LoginTokens.Lifetime - TimeSpan.FromSeconds(1));
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(Email, OtpSteps.Browser, loginToken: early));
        Assert.IsType<CodeEntryOutcome.Accepted>(
            await accounts.SignInWithCodeAsync(Email, await Portal.CodeForAsync(Email), loginToken: early));
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(Other, OtpSteps.Browser, loginToken: late));
        var code = await Portal.CodeForAsync(Other);
        Portal.Wait(TimeSpan.FromSeconds(1));

        // The code itself is a second old.
        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.SignInWithCodeAsync(Other, code, loginToken: late));
        Portal.Wait(TimeSpan.FromMinutes(2));
        Assert.IsType<CodeRequestOutcome.SignInExpired>(await accounts.RequestCodeAsync(Other, OtpSteps.Browser, loginToken: late));
    }

    [Fact]
    public async Task A_login_token_of_one_account_sends_no_code_to_another()
    {
        var token = await PasswordAsync(Email);
        var mails = (await accounts.MailToAsync(Other)).Count;
        Portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<CodeRequestOutcome.SignInExpired>(await accounts.RequestCodeAsync(Other, OtpSteps.Browser, loginToken: token));

        Assert.Equal(mails, (await accounts.MailToAsync(Other)).Count);
    }

    [Fact]
    public async Task The_password_again_with_its_login_token_goes_on_with_the_code_that_was_sent()
    {
        var token = await PasswordAsync(Email);
        var code = await Portal.CodeForAsync(Email);

        var again = Assert.IsType<SignInOutcome.CodeRequired>(await SignInAsync(Email, token));

        Assert.Equal(token, again.LoginToken);
        Assert.IsType<SendOutcome.Refused>(again.Send);
        Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(Email, code, loginToken: token));
    }

    [Fact]
    public async Task A_code_of_an_earlier_sign_in_does_not_fit_the_login_token_of_a_later_one()
    {
        var first = await PasswordAsync(Email);
        var code = await Portal.CodeForAsync(Email);
        var second = await PasswordAsync(Email);
        Assert.NotEqual(first, second);

        Assert.Equal(new VerifyOutcome.Wrong(4), await RefusedAsync(code, second));
        Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(Email, code, loginToken: first));
    }

    [Fact]
    public async Task A_registration_code_does_not_sign_in_past_the_password_where_two_factors_are_required()
    {
        // A register code for an account goes nowhere; this one was sent while the address had none.
        const string email = "late@example.com";
        await accounts.RegisterAsync(email);
        var code = await Portal.CodeForAsync(email);
        await Portal.Lane.RunAsync(
            async db =>
            {
                db.Users.Add(Portal.Services.GetRequiredService<PendingRegistrations>().NewAccount(EmailAddress.FromStored(email)));
                await db.SaveChangesAsync(Cancel);
            },
            Cancel);

        Assert.Null(Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.VerifyAsync(email, code)).Session);
    }

    [Fact]
    public async Task Only_the_hash_of_a_login_token_is_stored_and_expired_ones_are_purged()
    {
        var token = await PasswordAsync(Email);
        var purge = Portal.Services.GetServices<IPurge>().OfType<LoginTokenPurge>().Single();
        Assert.Equal(
            SecretToken.HashOf(token), await Portal.ReadAsync(db => db.LoginTokens.Select(row => row.TokenHash).SingleAsync(Cancel)));

        Portal.Wait(LoginTokens.Lifetime - TimeSpan.FromMilliseconds(1));
        await purge.RunAsync(Cancel);
        Assert.Equal(1, await TokensAsync());
        Portal.Wait(TimeSpan.FromMilliseconds(1));
        await purge.RunAsync(Cancel);
        Assert.Equal(0, await TokensAsync());
    }

    private Task<int> TokensAsync() => Portal.ReadAsync(db => db.LoginTokens.CountAsync(Cancel));

    private async Task<string> PasswordAsync(string email) =>
        Assert.IsType<SignInOutcome.CodeRequired>(await SignInAsync(email)).LoginToken!;

    private Task<SignInOutcome> SignInAsync(string email, string? token = null) => accounts.PasswordSignIn.SignInAsync(
        new PasswordSignInRequest(email, AccountsHost.Password, OtpSteps.Browser, SessionRequest.Browser) { LoginToken = token }, Cancel);

    private async Task<VerifyOutcome> RefusedAsync(string code, string? token) =>
        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.SignInWithCodeAsync(Email, code, loginToken: token)).Outcome;
}
