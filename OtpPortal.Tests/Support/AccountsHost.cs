using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Support;

/// <summary>A portal for the tests of accounts: it hashes passwords quickly, and speaks of people instead of rows.</summary>
public sealed class AccountsHost : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    public PortalHost Portal { get; } = new() { Configure = PortalHost.HashQuickly };

    public Registration Registration => Portal.Services.GetRequiredService<Registration>();

    public SignIn SignIn => Portal.Services.GetRequiredService<SignIn>();

    public PasswordSignIn PasswordSignIn => Portal.Services.GetRequiredService<PasswordSignIn>();

    public PasswordReset Reset => Portal.Services.GetRequiredService<PasswordReset>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public Task<RegisterOutcome> RegisterAsync(string email, string password = Password, Binding? browser = null) =>
        Registration.RegisterAsync(
            new RegistrationForm(email, password) { FirstName = "Ann", LastName = "Other", Mobile = "+44 7700 900123" },
                browser ?? OtpSteps.Browser, Cancel);

    /// <summary>An account whose code was entered.</summary>
    public async Task<PortalUser> VerifiedAsync(string email, string password = Password)
    {
        Assert.IsType<RegisterOutcome.CodeSent>(await RegisterAsync(email, password));
        var accepted = await VerifyAsync(email, await Portal.CodeForAsync(email));
        return Assert.IsType<CodeOutcome.Accepted>(accepted).User;
    }

    public Task<SignInOutcome> SignInAsync(string email, string? password = Password, Binding? browser = null) =>
        PasswordSignIn.SignInAsync(new PasswordSignInRequest(email, password, browser ?? OtpSteps.Browser, SessionRequest.Browser), Cancel);

    public Task<CodeOutcome> SignInWithCodeAsync(string email, string? code, Binding? browser = null, string? loginToken = null) =>
        SignIn.WithCodeAsync(email, code, browser ?? OtpSteps.Browser, loginToken, SessionRequest.Browser, Cancel);

    /// <summary>Requests a code to sign in with and enters it.</summary>
    public async Task SignInWithNewCodeAsync(string email, Binding browser)
    {
        await SignIn.RequestCodeAsync(email, browser, Cancel);
        Assert.IsType<CodeOutcome.Accepted>(await SignInWithCodeAsync(email, await Portal.CodeForAsync(email), browser));
    }

    /// <summary>Requests a code for a forgotten password and enters it.</summary>
    public async Task VerifyNewResetCodeAsync(string email, Binding browser)
    {
        await Reset.RequestAsync(email, browser, Cancel);
        Assert.IsType<ResetCodeOutcome.Accepted>(await Reset.VerifyAsync(email, await Portal.CodeForAsync(email), browser, Cancel));
    }

    /// <summary>Enters the code of a registration.</summary>
    public Task<CodeOutcome> VerifyAsync(string email, string? code, Binding? browser = null) =>
        Registration.VerifyAsync(email, code, browser ?? OtpSteps.Browser, SessionRequest.Browser, Cancel);

    public Task<PendingRegistration?> PendingAsync(string email, Binding? browser = null) =>
        Portal.ReadAsync(db => PendingRegistrations.FindAsync(db, email, browser ?? OtpSteps.Browser));

    public Task<PortalUser?> AccountAsync(string email) =>
        Portal.ReadAsync(db => db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == email, Cancel));

    /// <summary>What was mailed to an address so far, newest first.</summary>
    public async Task<List<CapturedMessage>> MailToAsync(string email)
    {
        await Portal.DeliverAsync();
        return [.. Portal.Inbox.Where(message => message.To == email)];
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
