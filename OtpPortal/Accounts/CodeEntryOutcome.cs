using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>The outcome of an entered code.</summary>
public abstract record CodeEntryOutcome
{
    private CodeEntryOutcome()
    {
    }

    /// <summary>The code was correct, which proves that the person reads the account's mail or holds its phone.</summary>
    /// <param name="Session">Null if no session was requested, or if the code alone does not sign in.</param>
    public sealed record Accepted(PortalUser User, IssuedSession? Session) : CodeEntryOutcome;

    /// <summary>The code was correct, and the ticket allows setting one new password.</summary>
    /// <param name="Ticket">A secret, of which only the hash is stored.</param>
    public sealed record TicketIssued(string Ticket, TimeSpan ExpiresIn) : CodeEntryOutcome
    {
        public override string ToString() => "******";
    }

    /// <summary>The mobile number is verified for the account.</summary>
    public sealed record MobileVerified : CodeEntryOutcome;

    /// <summary>
    /// The code is correct and still valid, but another account has the number. The person has to enter the code again and confirm the
    /// move.
    /// </summary>
    public sealed record HeldByAnother : CodeEntryOutcome;

    public sealed record Refused(VerifyOutcome Outcome) : CodeEntryOutcome;
}
