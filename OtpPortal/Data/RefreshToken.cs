namespace OtpPortal.Data;

/// <summary>A refresh token of an API client, good for one use. Those that came one of another are a family.</summary>
public sealed class RefreshToken
{
    /// <summary>SHA-256 of the token, in hexadecimal. The token itself is nowhere.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The same for all that go back to one sign-in.</summary>
    public required string Family { get; init; }

    /// <summary>Whose it is. It goes with the account.</summary>
    public required string UserId { get; init; }

    /// <summary>From this instant on it is worthless; the same for the whole family.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used. A second use says that somebody copied it.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}
