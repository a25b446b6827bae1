using OtpPortal.Data;

namespace OtpPortal.Accounts;

/// <summary>Reads the identifier of a form or request, which has a field for each kind.</summary>
public static class Identifiers
{
    /// <summary>Reads one of two fields.</summary>
    /// <param name="email">As typed, or null where the form asks for the mobile number.</param>
    /// <param name="mobile">As typed, or null.</param>
    /// <param name="error">What is wrong and what to do, or null.</param>
    public static Identifier? Parse(string? email, string? mobile, out FieldError? error)
    {
        if (string.IsNullOrWhiteSpace(mobile))
        {
            var address = EmailAddress.Parse(email, out var wrong);
            error = wrong is null ? null : new FieldError("Email", wrong);
            return address;
        }

        if (!string.IsNullOrWhiteSpace(email))
        {
            error = new FieldError("Mobile", "Enter the email address or the mobile number, not both.");
            return null;
        }

        var number = MobileNumber.Parse(mobile, out var wrongNumber);
        error = wrongNumber is null ? null : new FieldError("Mobile", wrongNumber);
        return number;
    }

    /// <summary>Reads a field that takes either kind. Only an address has an @.</summary>
    /// <param name="typed">As typed.</param>
    /// <param name="neither">What to say of a text that is neither.</param>
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
