using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of an attempt to sign in with a password.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <summary>The password is right and enough.</summary>
    public sealed record SignedIn(IssuedSession Session) : SignInOutcome
    {
        /// <summary>The account.</summary>
        public PortalUser User => Session.User;
    }

    /// <summary>
    /// The password is right; a code must follow, which verifies the address (<see cref="CodeUse.VerifyEmail"/>) or is the second factor
    /// (<see cref="CodeUse.SignIn"/>). It was sent, or an earlier one is so recent that no new one may be.
    /// </summary>
    /// <param name="Identifier">What the person entered.</param>
    /// <param name="Use">What the code is for.</param>
    /// <param name="LoginToken">What the second factor must come with; null where the code verifies the address.</param>
    /// <param name="Send">What came of sending the code.</param>
    public sealed record CodeRequired(Identifier Identifier, CodeUse Use, string? LoginToken, SendOutcome Send) : SignInOutcome
    {
        /// <summary>Without the token.</summary>
        public override string ToString() => $"code required, {Use}";
    }

    /// <summary>Address and password do not match, or there were too many tries; which of them, nobody learns.</summary>
    public sealed record Wrong : SignInOutcome;

    /// <summary>Something typed is wrong.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SignInOutcome;
}
