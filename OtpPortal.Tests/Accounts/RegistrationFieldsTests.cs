using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>Wrong fields of a registration.</summary>
public sealed class RegistrationFieldsTests(AccountsHost accounts) : IClassFixture<AccountsHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_wrong_field_of_a_registration_has_one_error_and_nothing_is_written()
    {
        var request = new RegistrationForm("no address", "short")
        {
            ConfirmPassword = "other",
            FirstName = " ",
            LastName = new string('x', 101),
            Mobile = "12",
        };

        var invalid = Assert.IsType<RegisterOutcome.Invalid>(await accounts.Registration.RegisterAsync(request, OtpSteps.Browser, Cancel));

        Assert.Equal(
            ["Email", "Password", "ConfirmPassword", "FirstName", "LastName", "Mobile"], invalid.Errors.Select(error => error.Field));
        Assert.All(invalid.Errors, error => Assert.EndsWith(".", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Email", "one-email@example.com@", AccountsHost.Password, "Ann", null)]
    [InlineData("Password", "one-password@example.com", "short", "Ann", null)]
    [InlineData("FirstName", "one-name@example.com", AccountsHost.Password, "A\0nn", null)]
    [InlineData("Mobile", "one-mobile@example.com", AccountsHost.Password, "Ann", "12")]
    public async Task A_registration_with_one_wrong_field_writes_nothing(
        string field, string typed, string password, string firstName, string? mobile)
    {
        var email = typed.TrimEnd('@');
        var request = new RegistrationForm(typed, password) { FirstName = firstName, Mobile = mobile };

        var invalid = Assert.IsType<RegisterOutcome.Invalid>(await accounts.Registration.RegisterAsync(request, OtpSteps.Browser, Cancel));

        Assert.Equal([field], invalid.Errors.Select(error => error.Field));
        Assert.Null(await accounts.PendingAsync(email));
        Assert.Null(await accounts.Portal.StatusAsync(email, Purpose.Register));
    }
}
