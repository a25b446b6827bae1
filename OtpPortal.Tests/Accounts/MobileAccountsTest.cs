using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>A portal that sends texts, and its accounts with their mobile numbers.</summary>
public abstract class MobileAccountsTest : IAsyncLifetime
{
    private protected const string Mobile = "+447700900123";
    private protected const string OtherMobile = "+447700900456";

    private protected readonly AccountsHost accounts = new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected PortalHost Portal => accounts.Portal;

    private protected AccountMobiles Mobiles => Portal.Services.GetRequiredService<AccountMobiles>();

    public ValueTask InitializeAsync()
    {
        Portal.With("Twilio:From", "+15005550006").With("Twilio:Countries", "GB");
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await accounts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<string> SendAsync(string userId)
    {
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestMobileCodeAsync(userId, Mobile));
        return await Portal.CodeForAsync(Mobile);
    }

    private protected Task<CodeEntryOutcome> EnterAsync(string userId, string code, bool move = false) =>
        accounts.EnterMobileCodeAsync(userId, Mobile, code, move);

    private protected async Task VerifyAsync(string userId, bool move = false) =>
        Assert.IsType<CodeEntryOutcome.MobileVerified>(await EnterAsync(userId, await SendAsync(userId), move));

    private protected Task<PortalUser?> FindAsync(IssuedSession session) =>
        Portal.Services.GetRequiredService<Sessions>().FindAsync(session.SessionId, session.User.Id, Cancel);

    private protected Task<SignInOutcome> WithPasswordAsync(string password = AccountsHost.Password) => accounts.PasswordSignIn.SignInAsync(
        new PasswordSignInRequest(null, password, OtpSteps.Browser, SessionRequest.Browser) { Mobile = Mobile }, Cancel);

    private protected async Task<string> WhoSignsInAsync() => Assert.IsType<SignInOutcome.SignedIn>(await WithPasswordAsync()).User.Email!;
}
