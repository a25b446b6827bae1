using OtpPortal.Accounts;
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
        Assert.Equal((Email, CodeUse.SignIn), (required.Identifier.Value, required.Use));
        Assert.IsType<SendOutcome.Sent>(required.Send);

        var code = await accounts.Portal.CodeForAsync(Email);

        Assert.IsType<CodeEntryOutcome.Accepted>(await accounts.SignInWithCodeAsync(Email, code, loginToken: required.LoginToken));
    }

    [Fact]
    public async Task A_password_that_was_replaced_meanwhile_is_no_first_factor()
    {
        var required = Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(Email));
        var code = await accounts.Portal.CodeForAsync(Email);
        await accounts.RequestCodeAsync(Email, OtpSteps.Browser, CodeUse.ResetPassword);
        var reset = await accounts.Portal.CodeForAsync(Email);
        var ticket = Assert.IsType<CodeEntryOutcome.TicketIssued>(
            await accounts.EnterCodeAsync(CodeUse.ResetPassword, Email, reset, OtpSteps.Browser)).Ticket;
        Assert.IsType<ResetOutcome.Done>(await accounts.ResetPasswordAsync(Email, ticket, "some other small words"));
        accounts.Portal.Wait(TimeSpan.FromMinutes(2));
        Assert.IsType<CodeRequestOutcome.SignInExpired>(
            await accounts.RequestCodeAsync(Email, OtpSteps.Browser, loginToken: required.LoginToken));

        Assert.IsType<CodeEntryOutcome.Refused>(await accounts.SignInWithCodeAsync(Email, code, loginToken: required.LoginToken));
    }

    [Fact]
    public async Task No_code_is_sent_again_without_the_login_token_of_the_password()
    {
        var required = Assert.IsType<SignInOutcome.CodeRequired>(await accounts.SignInAsync(Email));
        accounts.Portal.Wait(TimeSpan.FromMinutes(2));
        var sent = (await accounts.MailToAsync(Email)).Count;

        Assert.IsType<CodeRequestOutcome.SignInExpired>(await accounts.RequestCodeAsync(Email, OtpSteps.Browser, loginToken: ""));
        Assert.Equal(sent, (await accounts.MailToAsync(Email)).Count);

        Assert.IsType<CodeRequestOutcome.CodeSent>(
            await accounts.RequestCodeAsync(Email, OtpSteps.Browser, loginToken: required.LoginToken));
        Assert.IsType<CodeEntryOutcome.Accepted>(
            await accounts.SignInWithCodeAsync(Email, await accounts.Portal.CodeForAsync(Email), loginToken: required.LoginToken));
    }

    [Fact]
    public async Task No_code_is_sent_without_the_password_where_two_factors_are_required()
    {
        var sent = (await accounts.MailToAsync(Email)).Count;

        var invalid = Assert.IsType<CodeRequestOutcome.Invalid>(await accounts.RequestCodeAsync(Email, OtpSteps.Browser));

        Assert.Equal("Password", invalid.Error.Field);
        Assert.Equal(sent, (await accounts.MailToAsync(Email)).Count);
        Assert.False(accounts.Codes.CodeAloneSuffices);
    }

    [Fact]
    public async Task A_wrong_password_sends_no_code_of_the_second_factor()
    {
        var sent = (await accounts.MailToAsync(Email)).Count;

        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(Email, "another password"));

        Assert.Equal(sent, (await accounts.MailToAsync(Email)).Count);
    }
}
