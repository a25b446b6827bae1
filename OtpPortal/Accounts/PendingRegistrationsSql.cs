using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>The statements on the table PendingRegistrations that are written as SQL.</summary>
internal static class PendingRegistrationsSql
{
    /// <summary>
    /// Leaves those whose code is on its way: it was requested again at the last minute, and would meet no registration. The time is that
    /// of a day ago.
    /// </summary>
    public static readonly string Purge = $$"""
        DELETE FROM PendingRegistrations WHERE (Email, Binding) IN
            (SELECT Email, Binding FROM PendingRegistrations WHERE RegisteredAt <= {0}
                AND NOT {{OtpCodesSql.IsWaiting("PendingRegistrations.Email", "{0} + 86400000")}}
             LIMIT {1})
        """;
}
