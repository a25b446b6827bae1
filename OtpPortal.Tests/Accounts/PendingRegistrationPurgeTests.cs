using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>When a pending registration goes.</summary>
public sealed class PendingRegistrationPurgeTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private readonly PortalHost portal = accounts.Portal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pending_registration_is_not_purged_while_a_code_of_its_address_is_alive()
    {
        const string email = "alive@example.com";
        var purge = portal.Services.GetServices<IPurge>().OfType<PendingRegistrationPurge>().Single();
        await accounts.RegisterAsync(email);
        portal.Wait(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1));
        await accounts.RequestCodeAsync(email, OtpSteps.Browser, CodeUse.VerifyEmail);

        portal.Wait(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        await purge.RunAsync(Cancel);
        Assert.NotNull(await accounts.PendingAsync(email));
        portal.Wait(TimeSpan.FromMilliseconds(1));
        await purge.RunAsync(Cancel);

        Assert.Null(await accounts.PendingAsync(email));
    }

    [Fact]
    public async Task Pending_registrations_are_purged_after_a_day_and_accounts_are_kept()
    {
        await accounts.VerifiedAsync("kept@example.com");
        await accounts.RegisterAsync("purged@example.com");
        var purge = portal.Services.GetServices<IPurge>().OfType<PendingRegistrationPurge>().Single();

        portal.Wait(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        await purge.RunAsync(Cancel);
        Assert.NotNull(await accounts.PendingAsync("purged@example.com"));
        portal.Wait(TimeSpan.FromMilliseconds(1));
        await purge.RunAsync(Cancel);

        Assert.Null(await accounts.PendingAsync("purged@example.com"));
        Assert.NotNull(await accounts.AccountAsync("kept@example.com"));
    }
}
