using OtpPortal.Accounts;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>
/// Clients without a binding cannot be told apart: what nobody can say the owner typed does not outlive the
/// verification.
/// </summary>
public sealed class UnboundRegistrationTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private const string Other = "a stranger's password";

    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_unbound_passwords_during_one_cooldown_leave_none_and_the_code_verifies_the_address()
    {
        const string email = "two@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);
        await accounts.RegisterAsync(email, Other, Binding.None);

        Assert.IsType<CodeOutcome.Accepted>(await VerifyAsync(email, Binding.None));

        await AssertNothingTypedIsLeftAsync(email);
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email));
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, Other));
    }

    [Fact]
    public async Task Two_unbound_passwords_with_a_new_code_between_them_leave_none()
    {
        const string email = "later@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);
        portal.Wait(TimeSpan.FromMinutes(2));
        Assert.IsType<RegisterOutcome.CodeSent>(await accounts.RegisterAsync(email, Other, Binding.None));

        Assert.IsType<CodeOutcome.Accepted>(await VerifyAsync(email, Binding.None));

        await AssertNothingTypedIsLeftAsync(email);
    }

    [Fact]
    public async Task A_third_unbound_registrant_with_one_of_two_passwords_brings_neither_back()
    {
        const string email = "three@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);
        await accounts.RegisterAsync(email, Other, Binding.None);
        await accounts.RegisterAsync(email, Other, Binding.None);

        await VerifyAsync(email, Binding.None);

        await AssertNothingTypedIsLeftAsync(email);
    }

    [Fact]
    public async Task The_same_unbound_password_registered_again_is_kept()
    {
        const string email = "same@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);
        await accounts.RegisterAsync(email, browser: Binding.None);

        await VerifyAsync(email, Binding.None);

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task The_client_whose_code_is_on_its_way_completes_its_registration_if_either_has_a_binding(bool first, bool second)
    {
        var email = $"bound-{first}-{second}@example.com".ToLowerInvariant();
        var (mine, others) = (first ? OtpSteps.Browser : Binding.None, second ? OtpSteps.OtherBrowser : Binding.None);
        await accounts.RegisterAsync(email, browser: mine);
        await accounts.RegisterAsync(email, Other, others);

        Assert.IsType<CodeOutcome.Refused>(await VerifyAsync(email, others));
        Assert.IsType<CodeOutcome.Accepted>(await VerifyAsync(email, mine));

        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    [Fact]
    public async Task A_sign_in_code_does_not_complete_an_unbound_registration()
    {
        const string email = "verified-by-login@example.com";
        await accounts.RegisterAsync(email, Other, Binding.None);
        await accounts.SignInWithNewCodeAsync(email, Binding.None);
        await AssertVerifiedWithoutRegistrationAsync(email);
    }

    [Fact]
    public async Task A_reset_code_does_not_complete_an_unbound_registration()
    {
        const string email = "verified-by-reset@example.com";
        await accounts.RegisterAsync(email, Other, Binding.None);
        await accounts.VerifyNewResetCodeAsync(email, Binding.None);
        await AssertVerifiedWithoutRegistrationAsync(email);
    }

    private async Task AssertVerifiedWithoutRegistrationAsync(string email)
    {
        Assert.True((await accounts.AccountAsync(email))!.EmailConfirmed);
        await AssertNothingTypedIsLeftAsync(email);
        Assert.IsType<SignInOutcome.Wrong>(await accounts.SignInAsync(email, Other));
    }

    [Fact]
    public async Task The_registration_code_completes_an_unbound_registration_with_its_data()
    {
        const string email = "own@example.com";
        await accounts.RegisterAsync(email, browser: Binding.None);

        await VerifyAsync(email, Binding.None);

        Assert.Equal("Ann", (await accounts.AccountAsync(email))!.FirstName);
        Assert.IsType<SignInOutcome.SignedIn>(await accounts.SignInAsync(email));
    }

    private async Task<CodeOutcome> VerifyAsync(string email, Binding binding) =>
        await accounts.VerifyAsync(email, await portal.CodeForAsync(email), binding);

    private async Task AssertNothingTypedIsLeftAsync(string email)
    {
        var account = (await accounts.AccountAsync(email))!;
        Assert.Equal((null, null, null, null), (account.PasswordHash, account.FirstName, account.LastName, account.PhoneNumber));
    }
}
