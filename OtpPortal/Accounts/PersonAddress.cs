namespace OtpPortal.Accounts;

/// <summary>
/// What a person is named by: a mail address, or the mobile number in its place. As a string the two cannot be confused, because only one
/// of them has an @, so a code's row is keyed by either.
/// </summary>
public static class PersonAddress
{
    /// <summary>
    /// A mailbox's messages are counted under its address. Under a number they would be counted once more, or say whose number it is.
    /// </summary>
    public const string NotByEmail = "A code for a mobile number is sent to the phone. To get it by email, send the email address instead.";

    /// <summary>Whether it is a mobile number.</summary>
    public static bool IsMobile(string address) => !address.Contains('@', StringComparison.Ordinal);

    /// <summary>Reads what was typed: one of the two.</summary>
    /// <param name="email">As typed, or null where the mobile was asked for.</param>
    /// <param name="mobile">As typed, or null.</param>
    /// <param name="error">What is wrong and what to do, or null.</param>
    /// <returns>The normalised address or number, or null.</returns>
    public static string? Parse(string? email, string? mobile, out FieldError? error)
    {
        if (string.IsNullOrWhiteSpace(mobile))
        {
            var address = EmailAddress.Parse(email, out var wrong);
            error = wrong is null ? null : new FieldError("Email", wrong);
            return address?.Value;
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
}
