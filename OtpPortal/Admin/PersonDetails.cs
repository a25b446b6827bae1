namespace OtpPortal.Admin;

/// <summary>What the portal knows about a person, without any password, code, token or hash of one.</summary>
public sealed record PersonDetails(string Id, string Email)
{
    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    /// <summary>The chosen user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>In E.164, or null.</summary>
    public string? Mobile { get; init; }

    /// <summary>Whether a code to the mobile number was entered.</summary>
    public bool IsMobileVerified { get; init; }

    public bool HasPassword { get; init; }

    /// <summary>Whether a code to the address was entered.</summary>
    public bool IsVerified { get; init; }

    public bool IsAdmin { get; init; }

    public DateTimeOffset RegisteredAt { get; init; }

    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Browsers that are signed in now.</summary>
    public int BrowserSessions { get; init; }

    /// <summary>Programs that are signed in now.</summary>
    public int ApiSessions { get; init; }

    /// <summary>The locks that hold now.</summary>
    public IReadOnlyList<PersonLock> Locks { get; init; } = [];
}

/// <summary>A failure budget that is spent.</summary>
/// <param name="Purpose">The purpose of the codes; null for passwords.</param>
/// <param name="ByMobile">Whether the mobile number is locked, and not the address.</param>
/// <param name="Until">When the lock ends.</param>
public sealed record PersonLock(string? Purpose, bool ByMobile, DateTimeOffset Until);
