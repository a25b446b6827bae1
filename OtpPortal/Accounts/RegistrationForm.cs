using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What a registrant typed. Names that are null were not asked for; empty ones were left empty.</summary>
public sealed record RegistrationForm(string? Email, string? Password)
{
    /// <summary>The password once more, where the client asks for it; compared only if something was typed.</summary>
    public string? ConfirmPassword { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    /// <summary>A name of one's own choice; optional.</summary>
    public string? UserName { get; init; }

    /// <summary>In any spelling of E.164; optional.</summary>
    public string? Mobile { get; init; }

    /// <summary>Without the password.</summary>
    public override string ToString() => "******";
}

/// <summary>What came of a registration.</summary>
public abstract record RegisterOutcome
{
    private RegisterOutcome()
    {
    }

    /// <summary>
    /// Accepted: a code is on its way. It looks the same if the address has an account already; its owner is told by mail.
    /// </summary>
    /// <param name="Email">The address.</param>
    /// <param name="Sent">When the next code may be sent, and how long this one is valid.</param>
    public sealed record CodeSent(EmailAddress Email, SendOutcome.Sent Sent) : RegisterOutcome;

    /// <summary>No code may be sent now.</summary>
    public sealed record Refused(EmailAddress Email, SendOutcome.Refused Refusal) : RegisterOutcome;

    /// <summary>Only with <c>Otp:RevealUnknownAccounts</c>: the address has an account.</summary>
    public sealed record AlreadyExists : RegisterOutcome;

    /// <summary>Something typed is wrong; nothing was written.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : RegisterOutcome;
}
