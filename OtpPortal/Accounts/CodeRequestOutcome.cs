using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>The outcome of a request for a code.</summary>
public abstract record CodeRequestOutcome
{
    private CodeRequestOutcome()
    {
    }

    /// <summary>The request was accepted. The outcome is the same for an identifier without an account.</summary>
    public sealed record CodeSent(SendOutcome.Sent Sent) : CodeRequestOutcome;

    /// <summary>No code may be sent now.</summary>
    public sealed record Refused(SendOutcome.Refused Refusal) : CodeRequestOutcome;

    /// <summary>Only with <c>Otp:RevealUnknownAccounts</c>: nobody has an account with this identifier.</summary>
    public sealed record Unknown(Identifier Identifier) : CodeRequestOutcome
    {
        /// <summary>The error for the person who entered the identifier.</summary>
        public FieldError Error => Identifier is MobileNumber
            ? new("Mobile", "There is no account with this verified mobile number. Check it, or create an account.")
            : new("Email", "There is no account with this address. Check it, or create an account.");
    }

    /// <summary>The login token has expired or was used, so the password must be entered again.</summary>
    public sealed record SignInExpired : CodeRequestOutcome;

    public sealed record Invalid(FieldError Error) : CodeRequestOutcome;

    internal static CodeRequestOutcome Of(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Sent sent => new CodeSent(sent),
        SendOutcome.Refused refused => new Refused(refused),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };
}
