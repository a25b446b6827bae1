using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>
/// What a stranger's clock tells about an address. A measurement, so it stands apart from the tests: see
/// docs/building.md.
/// </summary>
public sealed class TimingTests : IAsyncLifetime
{
    private const int Rounds = 300;

    private readonly PortalHost portal = new() { Clock = null };

    private AccountCodes Codes => portal.Services.GetRequiredService<AccountCodes>();

    private Registration Registration => portal.Services.GetRequiredService<Registration>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await portal.StartAsync();
        var hash = new PortalPasswordHasher().HashPassword(new PortalUser(), "three small words");
        await portal.Lane.RunAsync(
            async db =>
            {
                db.Users.AddRange(Enumerable.Range(0, Rounds).Select(i =>
                {
                    var user = portal.Services.GetRequiredService<PendingRegistrations>().NewAccount(EmailAddress.FromStored(Known(i)));
                    user.PasswordHash = hash;
                    return user;
                }));
                await db.SaveChangesAsync(Cancel);
            },
            Cancel);
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact(Explicit = true)]
    public Task A_sign_in_with_a_wrong_password_takes_the_same_time_for_known_and_unknown_addresses() => CompareAsync(
        email => portal.Services.GetRequiredService<PasswordSignIn>()
            .SignInAsync(new PasswordSignInRequest(email, "other small words", Binding.None, SessionRequest.Browser), Cancel));

    [Fact(Explicit = true)]
    public Task A_request_for_a_sign_in_code_takes_the_same_time_for_known_and_unknown_addresses() =>
        CompareAsync(email => RequestAsync(CodeUse.SignIn, email));

    [Fact(Explicit = true)]
    public Task A_request_for_a_reset_code_takes_the_same_time_for_known_and_unknown_addresses() =>
        CompareAsync(email => RequestAsync(CodeUse.ResetPassword, email));

    [Fact(Explicit = true)]
    public Task A_resend_of_a_registration_code_takes_the_same_time_for_known_and_unknown_addresses() =>
        CompareAsync(email => RequestAsync(CodeUse.VerifyEmail, email));

    [Fact(Explicit = true)]
    public Task A_registration_takes_the_same_time_for_known_and_unknown_addresses() =>
        CompareAsync(email => Registration.RegisterAsync(new RegistrationForm(email, "other small words"), Binding.None, Cancel));

    [Fact(Explicit = true)]
    public async Task A_wrong_code_takes_the_same_time_for_known_and_unknown_addresses()
    {
        for (var i = 0; i < Rounds; i++)
        {
            await RequestAsync(CodeUse.SignIn, Known(i));
            await RequestAsync(CodeUse.SignIn, Unknown(i));
        }

        await CompareAsync(email => Codes.EnterAsync(
            new CodeEntry(CodeUse.SignIn, EmailAddress.FromStored(email), "000000", Binding.None) { Session = SessionRequest.Browser },
                Cancel));
    }

    private static async Task CompareAsync(Func<string, Task> act)
    {
        // In turn, so that the machine's moods are the same for both.
        var known = new List<double>();
        var unknown = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            known.Add(await TimeAsync(() => act(Known(i))));
            unknown.Add(await TimeAsync(() => act(Unknown(i))));
        }

        var (k, u) = (Median(known), Median(unknown));
        TestContext.Current.TestOutputHelper!.WriteLine($"known {k:0.000} ms, unknown {u:0.000} ms (medians of {Rounds})");
        Assert.InRange(k / u, 0.9, 1.1);
    }

    private Task RequestAsync(CodeUse use, string email) => Codes.RequestAsync(
        new CodeRequest(use, EmailAddress.FromStored(email), Binding.None), Cancel);

    private static string Known(int i) => string.Create(CultureInfo.InvariantCulture, $"known{i}@example.com");

    private static string Unknown(int i) => string.Create(CultureInfo.InvariantCulture, $"unkno{i}@example.com");

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var begun = TimeProvider.System.GetTimestamp();
        await act();
        return TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
