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

    public AccountCodes Codes => Portal.Services.GetRequiredService<AccountCodes>();

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
        return Assert.IsType<CodeEntryOutcome.Accepted>(accepted).User;
    }

    public Task<SignInOutcome> SignInAsync(string email, string? password = Password, Binding? browser = null) =>
        PasswordSignIn.SignInAsync(new PasswordSignInRequest(email, password, browser ?? OtpSteps.Browser, SessionRequest.Browser), Cancel);

    /// <summary>Requests a code for an address or number.</summary>
    public Task<CodeRequestOutcome> RequestCodeAsync(
        string identifier, Requester requester, CodeUse use = CodeUse.SignIn, string? channel = null, string? loginToken = null) =>
        Codes.RequestAsync(
            new CodeRequest(use, Identifier.FromStored(identifier), requester) { Channel = channel, LoginToken = loginToken }, Cancel);

    /// <summary>Requests a code that proves the number of an account.</summary>
    public Task<CodeRequestOutcome> RequestMobileCodeAsync(string userId, string mobile) => Codes.RequestAsync(
        new CodeRequest(CodeUse.VerifyMobile, MobileNumber.FromStored(mobile), OtpSteps.Browser)
        {
            Channel = Channels.Sms,
            AccountId = userId,
        },
        Cancel);

    /// <summary>Enters a code.</summary>
    public Task<CodeEntryOutcome> EnterCodeAsync(
        CodeUse use, string identifier, string? code, Binding? browser = null, string? loginToken = null) =>
        Codes.EnterAsync(
            new CodeEntry(use, Identifier.FromStored(identifier), code, browser ?? OtpSteps.Browser)
            {
                Session = SessionRequest.Browser,
                LoginToken = loginToken,
            },
            Cancel);

    /// <summary>Enters the code that proves the number of an account.</summary>
    public Task<CodeEntryOutcome> EnterMobileCodeAsync(string userId, string mobile, string? code, bool move = false) => Codes.EnterAsync(
        new CodeEntry(CodeUse.VerifyMobile, MobileNumber.FromStored(mobile), code, OtpSteps.Browser)
        {
            AccountId = userId,
            MovesNumber = move,
        },
        Cancel);

    public Task<CodeEntryOutcome> SignInWithCodeAsync(string email, string? code, Binding? browser = null, string? loginToken = null) =>
        EnterCodeAsync(CodeUse.SignIn, email, code, browser, loginToken);

    /// <summary>Requests a code to sign in with and enters it.</summary>
    public async Task SignInWithNewCodeAsync(string email, Binding browser)
    {
        await RequestCodeAsync(email, browser);
        Assert.IsType<CodeEntryOutcome.Accepted>(await SignInWithCodeAsync(email, await Portal.CodeForAsync(email), browser));
    }

    /// <summary>Requests a code for a forgotten password and enters it.</summary>
    public async Task VerifyNewResetCodeAsync(string email, Binding browser)
    {
        await RequestCodeAsync(email, browser, CodeUse.ResetPassword);
        Assert.IsType<CodeEntryOutcome.TicketIssued>(
            await EnterCodeAsync(CodeUse.ResetPassword, email, await Portal.CodeForAsync(email), browser));
    }

    public Task<ResetOutcome> ResetPasswordAsync(string email, string ticket, string? password, string? confirmation = null) =>
        Reset.ResetAsync(EmailAddress.FromStored(email), ticket, password, confirmation, Cancel);

    /// <summary>Enters the code of a registration.</summary>
    public Task<CodeEntryOutcome> VerifyAsync(string email, string? code, Binding? browser = null) =>
        EnterCodeAsync(CodeUse.VerifyEmail, email, code, browser);

    public Task<PendingRegistration?> PendingAsync(string email, Binding? browser = null) =>
        Portal.ReadAsync(db => PendingRegistrations.FindAsync(db, EmailAddress.FromStored(email), browser ?? OtpSteps.Browser));

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
