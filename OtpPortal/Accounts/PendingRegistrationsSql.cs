using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>The statements on the table PendingRegistrations that are written as SQL.</summary>
internal static class PendingRegistrationsSql
{
    /// <summary>
    /// Keeps registrations with a code that is being delivered or can still be entered: a code that was requested again at the last minute
    /// needs its registration. The parameter is the time of a day ago.
    /// </summary>
    public static readonly string Purge = $$"""
        DELETE FROM PendingRegistrations WHERE (Email, Binding) IN
            (SELECT Email, Binding FROM PendingRegistrations WHERE RegisteredAt <= {0}
                AND NOT {{OtpCodesSql.IsWaiting("PendingRegistrations.Email", "{0} + 86400000")}}
             LIMIT {1})
        """;
}
