using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Reads the identifier of a form or request, which has a field for each kind.</summary>
internal static class Identifiers
{
    /// <summary>Reads the one of two fields that is filled in.</summary>
    /// <param name="error">What is wrong and what to do, or null.</param>
    public static Identifier? Parse(string? email, string? mobile, out FieldError? error)
    {
        if (string.IsNullOrWhiteSpace(mobile))
        {
            var address = EmailAddress.Parse(email, out var emailError);
            error = emailError is null ? null : new FieldError("Email", emailError);
            return address;
        }

        if (!string.IsNullOrWhiteSpace(email))
        {
            error = new FieldError("Mobile", "Enter the email address or the mobile number, not both.");
            return null;
        }

        var number = MobileNumber.Parse(mobile, out var mobileError);
        error = mobileError is null ? null : new FieldError("Mobile", mobileError);
        return number;
    }

    /// <summary>Reads a field for either kind. Only an address contains an @.</summary>
    /// <param name="neither">The error for a text that is neither.</param>
    /// <param name="error">What is wrong and what to do, or null.</param>
    public static Identifier? ParseEither(string typed, string neither, out string? error)
    {
        if (typed.Contains('@', StringComparison.Ordinal))
        {
            return EmailAddress.Parse(typed, out error);
        }

        var number = MobileNumber.Parse(typed, out _);
        error = number is null ? neither : null;
        return number;
    }
}
