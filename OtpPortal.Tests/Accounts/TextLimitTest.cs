using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>A portal that sends texts, and accounts that ask for codes to numbers.</summary>
public abstract class TextLimitTest : IAsyncDisposable
{
    private protected static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(2);

    private protected readonly AccountsHost accounts = new();

    private protected TextLimitTest() => Portal.With("Twilio:From", "+15005550006").With("Twilio:Countries", "GB");

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected PortalHost Portal => accounts.Portal;

    private AccountMobiles Mobiles => Portal.Services.GetRequiredService<AccountMobiles>();

    public async ValueTask DisposeAsync()
    {
        await accounts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Numbers that share their first seven digits.</summary>
    private protected static string Number(int i) => string.Create(CultureInfo.InvariantCulture, $"+447700900{i:000}");

    private protected async Task<string> AccountAsync(string name) => (await accounts.VerifiedAsync($"{name}@example.com")).Id;

    private protected async Task<SendOutcome> SendAsync(string id, string number)
    {
        Assert.Null(await Mobiles.ChangeAsync(id, number, session: null, Cancel));
        return await accounts.RequestMobileCodeAsync(id, number) switch
        {
            CodeRequestOutcome.CodeSent sent => sent.Sent,
            var outcome => Assert.IsType<CodeRequestOutcome.Refused>(outcome).Refusal,
        };
    }
}
