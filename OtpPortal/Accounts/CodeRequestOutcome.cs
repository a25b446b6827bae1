using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of a request for a code.</summary>
public abstract record CodeRequestOutcome
{
    private CodeRequestOutcome()
    {
    }

    /// <summary>Accepted. It looks the same for an identifier without an account.</summary>
    public sealed record CodeSent(SendOutcome.Sent Sent) : CodeRequestOutcome;

    /// <summary>No code may be sent now.</summary>
    public sealed record Refused(SendOutcome.Refused Refusal) : CodeRequestOutcome;

    /// <summary>Only with <c>Otp:RevealUnknownAccounts</c>: nobody has an account with this identifier.</summary>
    public sealed record Unknown(Identifier Identifier) : CodeRequestOutcome
    {
        /// <summary>What to tell the person who entered it.</summary>
        public FieldError Error => Identifier is MobileNumber
            ? new("Mobile", "There is no account with this verified mobile number. Check it, or create an account.")
            : new("Email", "There is no account with this address. Check it, or create an account.");
    }

    /// <summary>The password must be entered again: what it yielded has expired or was used.</summary>
    public sealed record SignInExpired : CodeRequestOutcome;

    /// <summary>Something typed is wrong.</summary>
    public sealed record Invalid(FieldError Error) : CodeRequestOutcome;

    internal static CodeRequestOutcome Of(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Sent sent => new CodeSent(sent),
        SendOutcome.Refused refused => new Refused(refused),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };
}
