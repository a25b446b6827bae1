namespace OtpPortal.Api.Tokens;

/// <summary>
/// When a signing key is made, signs and is published; a matter of arithmetic. A new key is published for an hour before it signs, so that
/// nobody with a cached key set meets an unknown one, and an old one until the last token that it signed has expired.
/// </summary>
public sealed record KeySchedule(TimeSpan KeyLifetime, TimeSpan TokenLifetime)
{
    /// <summary>How long a key is published before it signs; longer than anybody may cache the key set.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    /// <summary>How long the key set may be cached.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromMinutes(5);

    /// <summary>Whether a new key is due.</summary>
    /// <param name="newest">When the newest one was made, or null if there is none.</param>
    /// <param name="now">The time.</param>
    public bool IsDue(DateTimeOffset? newest, DateTimeOffset now) => newest is null || now >= newest + KeyLifetime - Ahead;

    /// <summary>Of keys that can sign, oldest first, the one that does.</summary>
    public static T? Signing<T>(IReadOnlyList<T> keys, Func<T, DateTimeOffset> madeAt, DateTimeOffset now)
        where T : class =>
        keys.LastOrDefault(key => madeAt(key) + Ahead <= now) ?? (keys.Count > 0 ? keys[0] : null);

    /// <summary>Until when a key stays published, given when its successor was made.</summary>
    public DateTimeOffset PublishedUntil(DateTimeOffset successorMadeAt) => successorMadeAt + Ahead + TokenLifetime + AccessTokens.Skew;
}
