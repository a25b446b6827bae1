using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of a code that was typed to verify an address or to sign in.</summary>
public abstract record CodeOutcome
{
    private CodeOutcome()
    {
    }

    /// <summary>It was right: whoever entered it reads the mail of the account, or holds its phone.</summary>
    /// <param name="User">The account.</param>
    /// <param name="Session">The session that has begun; null where none was asked for, or where the code alone does not sign in.</param>
    public sealed record Accepted(PortalUser User, IssuedSession? Session) : CodeOutcome;

    /// <summary>It was not accepted.</summary>
    public sealed record Refused(VerifyOutcome Outcome) : CodeOutcome;
}
