using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>How many passwords a registration and a sign-in hash and compare: as many whether or not the address has an account.</summary>
public sealed class RegistrationHashCountTests : IAsyncDisposable
{
    private const string Taken = "taken@example.com";
    private const string Free = "free@example.com";

    private readonly CountingHasher hasher = new();
    private readonly PortalHost portal;

    public RegistrationHashCountTests() => portal = new PortalHost
    {
        Configure = services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<PortalUser>>(hasher)),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task The_number_of_password_hashes_never_depends_on_an_account()
    {
        await MakeAccountAsync(Taken);

        foreach (var email in new[] { Taken, Free })
        {
            // A wrong password where nothing waits; the first one also makes what a password is compared with where there is none.
            await SignInAsync("warm@example.com", OtpSteps.Browser);
            Assert.Equal((0, 1), await CountAsync(() => SignInAsync(email, OtpSteps.Browser)));

            // A registration; the same again by the same browser; one of another browser within the cooldown, of which nothing would be
            // kept.
            Assert.Equal((1, 0), await CountAsync(() => RegisterAsync(email, OtpSteps.Browser)));
            Assert.Equal((1, 0), await CountAsync(() => RegisterAsync(email, OtpSteps.Browser)));
            Assert.Equal((0, 0), await CountAsync(() => RegisterAsync(email, OtpSteps.OtherBrowser)));
            Assert.Equal((0, 0), await CountAsync(() => RegisterAsync(email, Binding.None)));

            // A wrong password in the browser that has registered, and in another.
            Assert.Equal((0, 2), await CountAsync(() => SignInAsync(email, OtpSteps.Browser)));
            Assert.Equal((0, 1), await CountAsync(() => SignInAsync(email, OtpSteps.OtherBrowser)));
        }
    }

    /// <summary>An account whose registration was purged.</summary>
    private async Task MakeAccountAsync(string email)
    {
        await RegisterAsync(email, Binding.None);
        await portal.Services.GetRequiredService<AccountCodes>().EnterAsync(
            new CodeEntry(CodeUse.VerifyEmail, EmailAddress.FromStored(email), await portal.CodeForAsync(email), Binding.None), Cancel);
        portal.Wait(TimeSpan.FromDays(2));
        await portal.Services.GetServices<IPurge>().OfType<PendingRegistrationPurge>().Single().RunAsync(Cancel);
    }

    private Task<RegisterOutcome> RegisterAsync(string email, Binding browser) =>
        portal.Services.GetRequiredService<Registration>().RegisterAsync(
            new RegistrationForm(email, "what a registrant typed"), browser, Cancel);

    private Task<SignInOutcome> SignInAsync(string email, Binding browser) =>
        portal.Services.GetRequiredService<PasswordSignIn>().SignInAsync(
            new PasswordSignInRequest(email, "another password", browser, SessionRequest.Browser), Cancel);

    private async Task<(int Hashes, int Comparisons)> CountAsync(Func<Task> act)
    {
        var (hashes, comparisons) = (hasher.Hashes, hasher.Comparisons);
        await act();
        return (hasher.Hashes - hashes, hasher.Comparisons - comparisons);
    }

    private sealed class CountingHasher : IPasswordHasher<PortalUser>
    {
        private int hashes;
        private int comparisons;

        public int Hashes => Volatile.Read(ref hashes);

        public int Comparisons => Volatile.Read(ref comparisons);

        public string HashPassword(PortalUser user, string password)
        {
            Interlocked.Increment(ref hashes);
            return $"hash of {password}";
        }

        public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref comparisons);
            return hashedPassword == $"hash of {providedPassword}" ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }
}
