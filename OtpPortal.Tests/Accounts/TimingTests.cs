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
                    var user = portal.Services.GetRequiredService<PendingRegistrations>().NewAccount(Known(i));
                    user.PasswordHash = hash;
                    return user;
                }));
                await db.SaveChangesAsync(Cancel);
            },
            Cancel);
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Theory(Explicit = true)]
    [InlineData("sign in with a wrong password")]
    [InlineData("ask for a code to sign in")]
    [InlineData("ask for a code for a forgotten password")]
    [InlineData("ask for the code of a registration again")]
    [InlineData("register")]
    [InlineData("verify a wrong code")]
    public async Task Known_and_unknown_addresses_take_the_same_time(string what)
    {
        var codes = portal.Services.GetRequiredService<AccountCodes>();
        var registration = portal.Services.GetRequiredService<Registration>();
        Func<string, Task> act = what switch
        {
            "sign in with a wrong password" => email => portal.Services.GetRequiredService<PasswordSignIn>()
                .SignInAsync(new PasswordSignInRequest(email, "other small words", Binding.None, SessionRequest.Browser), Cancel),
            "ask for a code to sign in" => email => RequestAsync(CodeUse.SignIn, email),
            "ask for a code for a forgotten password" => email => RequestAsync(CodeUse.ResetPassword, email),
            "ask for the code of a registration again" => email => RequestAsync(CodeUse.VerifyEmail, email),
            "register" => email => registration.RegisterAsync(new RegistrationForm(email, "other small words"), Binding.None, Cancel),
            _ => email => codes.EnterAsync(
                new CodeEntry(CodeUse.SignIn, EmailAddress.FromStored(email), "000000", Binding.None) { Session = SessionRequest.Browser }, Cancel),
        };
        if (what == "verify a wrong code")
        {
            for (var i = 0; i < Rounds; i++)
            {
                await RequestAsync(CodeUse.SignIn, Known(i));
                await RequestAsync(CodeUse.SignIn, Unknown(i));
            }
        }

        // In turn, so that the machine's moods are the same for both.
        var known = new List<double>();
        var unknown = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            known.Add(await TimeAsync(() => act(Known(i))));
            unknown.Add(await TimeAsync(() => act(Unknown(i))));
        }

        var (k, u) = (Median(known), Median(unknown));
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}: known {k:0.000} ms, unknown {u:0.000} ms (medians of {Rounds})");
        Assert.InRange(k / u, 0.9, 1.1);
    }

    private Task RequestAsync(CodeUse use, string email) => portal.Services.GetRequiredService<AccountCodes>().RequestAsync(
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
