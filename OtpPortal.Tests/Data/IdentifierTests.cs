using OtpPortal.Accounts;
using OtpPortal.Data;

namespace OtpPortal.Tests.Data;

public sealed class IdentifierTests
{
    [Fact]
    public void A_stored_identifier_is_read_back_as_what_it_was()
    {
        Assert.Equal(EmailAddress.Parse("Ann@Example.com", out _), Identifier.FromStored("ann@example.com"));
        Assert.Equal(MobileNumber.Parse("+44 7700 900123", out _), Identifier.FromStored("+447700900123"));
    }

    [Fact]
    public void An_address_never_equals_a_number() =>
        Assert.NotEqual<Identifier>(EmailAddress.FromStored("+447700900123"), MobileNumber.FromStored("+447700900123"));

    [Theory]
    [InlineData("ann@example.com", null, "ann@example.com", null)]
    [InlineData(null, "+44 7700 900123", "+447700900123", null)]
    [InlineData("ann@example.com", "+44 7700 900123", null, "Mobile")]
    [InlineData(null, null, null, "Email")]
    [InlineData("ann", " ", null, "Email")]
    [InlineData("", "12", null, "Mobile")]
    public void One_of_two_fields_holds_the_identifier(string? email, string? mobile, string? identifier, string? wrongField)
    {
        Assert.Equal(identifier, Identifiers.Parse(email, mobile, out var error)?.Value);
        Assert.Equal(wrongField, error?.Field);
    }

    [Theory]
    [InlineData("Ann@example.com", "ann@example.com", null)]
    [InlineData("+44 7700 900123", "+447700900123", null)]
    [InlineData("ann", null, "Enter one of the two.")]
    public void One_field_takes_either_kind(string typed, string? identifier, string? wrong)
    {
        Assert.Equal(identifier, Identifiers.ParseEither(typed, "Enter one of the two.", out var error)?.Value);
        Assert.Equal(wrong, error);
    }

    [Theory]
    [InlineData(Purpose.Register, "ann@example.com", CodeUse.VerifyEmail)]
    [InlineData(Purpose.Register, "+447700900123", CodeUse.VerifyMobile)]
    [InlineData(Purpose.Login, "+447700900123", CodeUse.SignIn)]
    [InlineData(Purpose.ForgotPassword, "ann@example.com", CodeUse.ResetPassword)]
    public void A_purpose_and_an_identifier_make_the_use_of_a_code(Purpose purpose, string identifier, CodeUse use)
    {
        Assert.Equal(use, CodeUses.Of(purpose, Identifier.FromStored(identifier)));
        Assert.Equal(purpose, use.Purpose());
    }
}
