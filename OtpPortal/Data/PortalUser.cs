using Microsoft.AspNetCore.Identity;

namespace OtpPortal.Data;

/// <summary>An account. It is verified once a code sent to its address was entered (<c>EmailConfirmed</c>).</summary>
public sealed class PortalUser : IdentityUser
{
    /// <summary>As typed by the registrant; null where none was given.</summary>
    public string? FirstName { get; set; }

    /// <summary>As typed by the registrant; null where none was given.</summary>
    public string? LastName { get; set; }

    /// <summary>When the account was registered, the last time if more than once. An unverified one is purged 24 h later.</summary>
    public DateTimeOffset RegisteredAt { get; set; }

    /// <summary>
    /// The binding of the browser that typed this account's password and names. If the account is verified from
    /// another one, somebody else may have prepared it, and what was typed is removed.
    /// </summary>
    public string RegisteredBinding { get; set; } = "";

    /// <summary>SHA-256 of the ticket that allows one new password, in hexadecimal; null when there is none.</summary>
    public string? ResetTicketHash { get; set; }

    /// <summary>From this instant on the ticket is worthless.</summary>
    public DateTimeOffset? ResetTicketExpiresAt { get; set; }

    /// <summary>Access tokens of sessions that began before this instant, a whole millisecond, are worthless; null while there was no reason for that.</summary>
    public DateTimeOffset? TokensNotBefore { get; set; }

    /// <summary>When a code was last sent to the mobile number, to verify it for this account.</summary>
    public DateTimeOffset? MobileAskedAt { get; set; }

    /// <summary>Whether the person is an administrator.</summary>
    public bool IsAdmin { get; set; }

    /// <summary>When the person last signed in.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }
}
