using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of a code that was typed to verify an address or to sign in.</summary>
public abstract record CodeOutcome
{
    private CodeOutcome()
    {
    }

    /// <summary>It was right. The account is verified and may be signed in.</summary>
    public sealed record Accepted(PortalUser User) : CodeOutcome;

    /// <summary>It was not accepted.</summary>
    public sealed record Refused(VerifyOutcome Why) : CodeOutcome;
}
