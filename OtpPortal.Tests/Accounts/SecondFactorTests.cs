using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>With <c>SignIn:SecondFactor=Code</c> a code follows the password, and neither suffices alone.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";

    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        accounts.Portal.With("SignIn:SecondFactor", "Code");
        await accounts.VerifiedAsync(Email);
    }

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Fact]
    public async Task A_password_and_then_a_code_sign_in_where_two_factors_are_required()
    {
        var required = Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(Email));
        Assert.Equal((Email, Purpose.Login), (required.Email, required.Purpose));
        Assert.IsType<SendOutcome.Sent>(required.Send);

        var code = await accounts.Portal.CodeForAsync(Email);

        Assert.IsType<CodeOutcome.Accepted>(await accounts.SignInWithCodeAsync(Email, code, loginToken: required.LoginToken));
    }

    [Fact]
    public async Task A_password_that_was_replaced_meanwhile_is_no_first_factor()
    {
        var required = Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(Email));
        var code = await accounts.Portal.CodeForAsync(Email);
        await accounts.Reset.RequestAsync(Email, OtpSteps.Browser, Cancel);
        var reset = await accounts.Portal.CodeForAsync(Email);
        var ticket = Assert.IsType<ResetCodeOutcome.Accepted>(
            await accounts.Reset.VerifyAsync(Email, reset, OtpSteps.Browser, Cancel)).Ticket;
        Assert.IsType<ResetOutcome.Done>(await accounts.Reset.ResetAsync(Email, ticket, "some other small words", null, Cancel));
        accounts.Portal.Wait(TimeSpan.FromMinutes(2));
        Assert.Null(await accounts.SignIn.ResendAsync(Email, OtpSteps.Browser, required.LoginToken, Cancel));

        Assert.IsType<CodeOutcome.Refused>(await accounts.SignInWithCodeAsync(Email, code, loginToken: required.LoginToken));
    }

    [Fact]
    public async Task No_code_is_sent_again_without_the_login_token_of_the_password()
    {
        var required = Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(Email));
        accounts.Portal.Wait(TimeSpan.FromMinutes(2));
        var sent = (await accounts.MailToAsync(Email)).Count;

        Assert.Null(await accounts.SignIn.ResendAsync(Email, OtpSteps.Browser, loginToken: null, Cancel));
        Assert.Equal(sent, (await accounts.MailToAsync(Email)).Count);

        Assert.IsType<SendOutcome.Sent>(await accounts.SignIn.ResendAsync(Email, OtpSteps.Browser, required.LoginToken, Cancel));
        Assert.IsType<CodeOutcome.Accepted>(
            await accounts.SignInWithCodeAsync(Email, await accounts.Portal.CodeForAsync(Email), loginToken: required.LoginToken));
    }

    [Fact]
    public async Task No_code_is_sent_without_the_password_where_two_factors_are_required()
    {
        var sent = (await accounts.MailToAsync(Email)).Count;

        var invalid = Assert.IsType<CodeRequestOutcome.Invalid>(await accounts.SignIn.RequestCodeAsync(Email, OtpSteps.Browser, Cancel));

        Assert.Equal("Password", Assert.Single(invalid.Errors).Field);
        Assert.Equal(sent, (await accounts.MailToAsync(Email)).Count);
        Assert.False(accounts.SignIn.CodeAloneSuffices);
    }

    [Fact]
    public async Task A_wrong_password_sends_no_code_of_the_second_factor()
    {
        var sent = (await accounts.MailToAsync(Email)).Count;

        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(Email, "another password"));

        Assert.Equal(sent, (await accounts.MailToAsync(Email)).Count);
    }
}
