namespace OtpPortal.Data;

/// <summary>The proof that a right password came before a second factor. The code that follows is bound to it.</summary>
public sealed class LoginToken
{
    /// <summary>SHA-256 of the token, in hexadecimal. The token itself is nowhere.</summary>
    public required string TokenHash { get; init; }

    public required string UserId { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}
