using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>A registrant's input. A name is null if the client has no field for it, and empty if the field was left empty.</summary>
public sealed record RegistrationForm(string? Email, string? Password)
{
    /// <summary>The repeated password, if the client has a field for it. An empty one is not compared.</summary>
    public string? ConfirmPassword { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    /// <summary>An optional name of the person's choice.</summary>
    public string? UserName { get; init; }

    /// <summary>An optional mobile number, in any spelling of E.164.</summary>
    public string? Mobile { get; init; }

    public override string ToString() => "******";
}

/// <summary>The outcome of a registration.</summary>
public abstract record RegisterOutcome
{
    private RegisterOutcome()
    {
    }

    /// <summary>
    /// The registration was accepted, and a code is being sent. The outcome is the same if the address has an account, whose owner is
    /// notified by mail.
    /// </summary>
    public sealed record CodeSent(EmailAddress Email, SendOutcome.Sent Sent) : RegisterOutcome;

    /// <summary>No code may be sent now.</summary>
    public sealed record Refused(EmailAddress Email, SendOutcome.Refused Refusal) : RegisterOutcome;

    /// <summary>Only with <c>Otp:RevealUnknownAccounts</c>: the address has an account.</summary>
    public sealed record AlreadyExists : RegisterOutcome;

    /// <summary>The input is invalid, and nothing was written.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : RegisterOutcome;
}
