using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>With <c>Otp:RevealUnknownAccounts</c>, for closed networks, the answers say whether there is an account.</summary>
public sealed class RevealUnknownAccountsTests : IAsyncLifetime
{
    private readonly AccountsHost accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        accounts.Portal.With("Otp:RevealUnknownAccounts", "true");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => accounts.DisposeAsync();

    [Fact]
    public async Task An_unknown_address_is_revealed_as_such_and_nothing_is_written()
    {
        var login = await accounts.RequestCodeAsync("unknown@example.com", OtpSteps.Browser);
        var reset = await accounts.RequestCodeAsync("unknown@example.com", OtpSteps.Browser, CodeUse.ResetPassword);

        Assert.Contains("no account", Assert.IsType<CodeRequestOutcome.Unknown>(login).Error.Message, StringComparison.Ordinal);
        Assert.Contains("no account", Assert.IsType<CodeRequestOutcome.Unknown>(reset).Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await accounts.Portal.ReadAsync(db => db.OtpCodes.CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_taken_address_is_revealed_as_such_and_its_owner_gets_no_mail()
    {
        const string email = "ann@example.com";
        await accounts.VerifiedAsync(email);
        accounts.Portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<RegisterOutcome.AlreadyExists>(await accounts.RegisterAsync(email));

        Assert.Single(await accounts.MailToAsync(email));
        Assert.IsType<CodeRequestOutcome.CodeSent>(await accounts.RequestCodeAsync(email, OtpSteps.Browser));
    }

    [Fact]
    public async Task An_unverified_address_may_be_registered_again()
    {
        await accounts.RegisterAsync("unverified@example.com");
        accounts.Portal.Wait(TimeSpan.FromMinutes(2));

        Assert.IsType<RegisterOutcome.CodeSent>(await accounts.RegisterAsync("unverified@example.com"));
    }
}
