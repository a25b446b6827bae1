using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>What came of a code that a person entered.</summary>
public abstract record CodeEntryOutcome
{
    private CodeEntryOutcome()
    {
    }

    /// <summary>The code was right: whoever entered it reads the mail of the account, or holds its phone.</summary>
    /// <param name="User">The account.</param>
    /// <param name="Session">The session that has begun; null where none was wanted, or where the code alone does not sign in.</param>
    public sealed record Accepted(PortalUser User, IssuedSession? Session) : CodeEntryOutcome;

    /// <summary>The code was right, and the ticket sets one new password.</summary>
    /// <param name="Ticket">To be kept secret; only its hash is stored.</param>
    /// <param name="ExpiresIn">How long it is good for.</param>
    public sealed record TicketIssued(string Ticket, TimeSpan ExpiresIn) : CodeEntryOutcome
    {
        /// <summary>Without the ticket.</summary>
        public override string ToString() => "******";
    }

    /// <summary>The mobile number is the account's now.</summary>
    public sealed record MobileVerified : CodeEntryOutcome;

    /// <summary>
    /// The code is right, and still good, but another account has the number: it must be entered again together with the wish to move it.
    /// </summary>
    public sealed record HeldByAnother : CodeEntryOutcome;

    /// <summary>The code was not accepted.</summary>
    public sealed record Refused(VerifyOutcome Outcome) : CodeEntryOutcome;
}
