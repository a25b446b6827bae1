using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>The outcome of an attempt to sign in with a password.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <summary>The password is correct and sufficient.</summary>
    public sealed record SignedIn(IssuedSession Session) : SignInOutcome
    {
        public PortalUser User => Session.User;
    }

    /// <summary>
    /// The password is correct, and a code must follow. The code verifies the address (<see cref="CodeUse.VerifyEmail"/>) or is the second
    /// factor (<see cref="CodeUse.SignIn"/>). It was sent now, or so recently that no new one may be sent.
    /// </summary>
    /// <param name="LoginToken">The token to send with the second factor; null if the code verifies the address.</param>
    public sealed record CodeRequired(Identifier Identifier, CodeUse Use, string? LoginToken, SendOutcome Send) : SignInOutcome
    {
        /// <summary>Omits the token, so that no log contains it.</summary>
        public override string ToString() => $"code required, {Use}";
    }

    /// <summary>Address and password do not match, or there were too many attempts. The response does not reveal which.</summary>
    public sealed record Wrong : SignInOutcome;

    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : SignInOutcome;
}
