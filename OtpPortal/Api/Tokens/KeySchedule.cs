namespace OtpPortal.Api.Tokens;

/// <summary>
/// When a signing key is created, signs and is published. A new key is published for an hour before it signs, so that cached key sets
/// contain it, and an old key until the last token that it signed has expired.
/// </summary>
internal sealed record KeySchedule(TimeSpan KeyLifetime, TimeSpan TokenLifetime)
{
    /// <summary>How long a key is published before it signs. This is longer than the key set may be cached.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    /// <summary>How long the key set may be cached.</summary>
    public static readonly TimeSpan CacheFor = TimeSpan.FromMinutes(5);

    /// <param name="newest">When the newest key was created; null if there is none.</param>
    public bool IsDue(DateTimeOffset? newest, DateTimeOffset now) => newest is null || now >= newest + KeyLifetime - Ahead;

    /// <summary>The key that signs, of those that can sign, oldest first.</summary>
    public static T? Signing<T>(IReadOnlyList<T> keys, Func<T, DateTimeOffset> madeAt, DateTimeOffset now)
        where T : class =>
        keys.LastOrDefault(key => madeAt(key) + Ahead <= now) ?? (keys.Count > 0 ? keys[0] : null);

    /// <summary>The time until which a key stays published.</summary>
    public DateTimeOffset PublishedUntil(DateTimeOffset successorMadeAt) => successorMadeAt + Ahead + TokenLifetime + AccessTokens.Skew;
}
