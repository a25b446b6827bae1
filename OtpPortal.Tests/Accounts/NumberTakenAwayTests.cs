using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>A sign-in by mobile number and password whose number is taken away while the password is being compared.</summary>
public sealed class NumberTakenAwayTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";
    private const string Mobile = "+447700900123";
    private const string Password = "correct horse battery";

    private readonly InterruptedHasher hasher = new();
    private readonly PortalHost portal;

    public NumberTakenAwayTests() =>
        portal = new PortalHost
        {
            Configure = services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<PortalUser>>(hasher)),
        }
            .With("SignIn:SecondFactor", "Code").With("Twilio:From", "+15005550006").With("Twilio:Countries", "GB")
            .With("Portal:Address", "https://portal.example.com");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var codes = portal.Services.GetRequiredService<AccountCodes>();
        await portal.Services.GetRequiredService<Registration>().RegisterAsync(
            new RegistrationForm(Email, Password) { FirstName = "Ann", LastName = "Other" }, OtpSteps.Browser, Cancel);
        await codes.EnterAsync(
            new CodeEntry(CodeUse.VerifyEmail, EmailAddress.FromStored(Email), await portal.CodeForAsync(Email), OtpSteps.Browser), Cancel);
        await portal.Lane.RunAsync(
            db => db.Users.ExecuteUpdateAsync(
                user => user.SetProperty(row => row.PhoneNumber, Mobile).SetProperty(row => row.PhoneNumberConfirmed, true), Cancel),
            Cancel);
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task A_number_that_still_names_the_account_leads_to_the_second_factor() =>
        Assert.IsType<SignInOutcome.CodeRequired>(await SignInAsync());

    [Fact]
    public async Task A_number_that_was_taken_away_meanwhile_signs_nobody_in()
    {
        hasher.Interruption = () =>
        {
            using var connection = new SqliteConnection($"Data Source={portal.DatabasePath};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE AspNetUsers SET PhoneNumber = NULL, PhoneNumberConfirmed = 0";
            Assert.Equal(1, command.ExecuteNonQuery());
        };

        Assert.IsType<SignInOutcome.Wrong>(await SignInAsync());
    }

    private Task<SignInOutcome> SignInAsync() => portal.Services.GetRequiredService<PasswordSignIn>().SignInAsync(
        new PasswordSignInRequest(null, Password, OtpSteps.Browser, SessionRequest.Browser) { Mobile = Mobile }, Cancel);

    private sealed class InterruptedHasher : IPasswordHasher<PortalUser>
    {
        public Action? Interruption { get; set; }

        public string HashPassword(PortalUser user, string password) => $"hash of {password}";

        public PasswordVerificationResult VerifyHashedPassword(PortalUser user, string hashedPassword, string providedPassword)
        {
            Interruption?.Invoke();
            return hashedPassword == $"hash of {providedPassword}" ? PasswordVerificationResult.Success : PasswordVerificationResult.Failed;
        }
    }
}
