using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of asking for a code by e-mail.</summary>
public abstract record CodeRequestOutcome
{
    private CodeRequestOutcome()
    {
    }

    /// <summary>Accepted. It looks the same for an address without an account.</summary>
    public sealed record CodeSent(string Email, SendOutcome.Sent Sent) : CodeRequestOutcome;

    /// <summary>No code may be sent now.</summary>
    public sealed record Refused(string Email, SendOutcome.Refused Refusal) : CodeRequestOutcome;

    /// <summary>Only with <c>Otp:RevealUnknownAccounts</c>: nobody has an account with this address.</summary>
    public sealed record Unknown(string Field) : CodeRequestOutcome
    {
        /// <summary>What to tell who named it.</summary>
        public FieldError Error => new(Field, Field == "Mobile"
            ? "There is no account with this verified mobile number. Check it, or create an account."
            : "There is no account with this address. Check it, or create an account.");
    }

    /// <summary>Something typed is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : CodeRequestOutcome;

    internal static CodeRequestOutcome Of(string email, SendOutcome outcome) => outcome switch
    {
        SendOutcome.Sent sent => new CodeSent(email, sent),
        SendOutcome.Refused refused => new Refused(email, refused),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    internal static CodeRequestOutcome Wrong(string field, string message) => new Invalid([new FieldError(field, message)]);
}
