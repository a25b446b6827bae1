using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>
/// The keys that access tokens are signed with, shared by all nodes through the database. They are kept in memory for a short while, so
/// that a request with a token, which anybody can send, neither reads them nor unprotects a private key.
/// </summary>
internal sealed class SigningKeys(
    WriteLane lane, IDbContextFactory<PortalDbContext> databases, IDataProtectionProvider protection, IOptions<JwtOptions> options,
        TimeProvider clock)
{
    /// <summary>How long keys are kept in memory. A key that is removed from the database verifies for no longer than this.</summary>
    internal static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often tokens of unknown keys may cause a read of the database. Another node may have created the key, but strangers can invent
    /// one.
    /// </summary>
    internal static readonly TimeSpan UnknownKeyInterval = TimeSpan.FromSeconds(1);

    private readonly SigningKeyFactory factory = new(protection, clock);
    private readonly KeySchedule schedule = new(options.Value.KeyLifetime, options.Value.Lifetime);
    private readonly Lock gate = new();
    private KeyCache? cache;
    private Task<KeyCache>? loading;
    private long? unknownKeyAt;

    /// <summary>Signs with the current key.</summary>
    public async Task<string> SignAsync(IReadOnlyDictionary<string, object> claims)
    {
        var keys = Published(await ReadyAsync());
        var usable = keys.Where(key => key.Private is not null).ToList();
        var signing = KeySchedule.Signing(usable, key => key.Row.CreatedAt, clock.GetUtcNow())!;
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(signing.Private, out _);
        return Es256.Sign(key, signing.Row.Kid, claims);
    }

    /// <summary>The public keys of all tokens that can be valid now.</summary>
    public async Task<IReadOnlyList<JsonWebKey>> PublishedAsync() => [.. Published(await ReadyAsync()).Select(key => key.Public)];

    /// <summary>The public key with this name; null if none of its tokens can be valid now.</summary>
    public async Task<JsonWebKey?> FindAsync(string kid)
    {
        if (Find(await ReadyAsync()) is { } known)
        {
            return known;
        }

        lock (gate)
        {
            if (unknownKeyAt is { } last && clock.GetElapsedTime(last) < UnknownKeyInterval)
            {
                return null;
            }

            unknownKeyAt = clock.GetTimestamp();
            cache = null;
        }

        return Find(await ReadyAsync());

        JsonWebKey? Find(IReadOnlyList<OpenedKey> keys) => Published(keys).Find(key => key.Row.Kid == kid)?.Public;
    }

    /// <summary>Removes keys that are no longer published.</summary>
    public async Task<int> RemoveOldAsync(CancellationToken cancellationToken)
    {
        var removed = await lane.RunAsync(
            async db =>
            {
                var keys = factory.Open(await InOrder(db).ToListAsync(cancellationToken));
                var old = keys.Except(Published(keys)).Select(key => key.Row).ToList();
                db.SigningKeys.RemoveRange(old);
                await db.SaveChangesAsync(cancellationToken);
                return old.Count;
            },
            cancellationToken);
        lock (gate)
        {
            cache = null;
        }

        return removed;
    }

    private static IOrderedQueryable<SigningKey> InOrder(PortalDbContext db) =>
        db.SigningKeys.OrderBy(key => key.CreatedAt).ThenBy(key => key.Kid);

    /// <summary>All keys, oldest first. A new one is created if it is due.</summary>
    private async Task<IReadOnlyList<OpenedKey>> ReadyAsync()
    {
        Task<KeyCache> current;
        lock (gate)
        {
            if (cache is { } known && clock.GetElapsedTime(known.ReadAt) < CacheLifetime && !NeedsOne(known.Keys))
            {
                return known.Keys;
            }

            // All callers share one read. It runs on a thread of its own, because SQLite reads synchronously.
            current = loading ??= Task.Run(LoadAsync);
        }

        return (await current).Keys;
    }

    private async Task<KeyCache> LoadAsync()
    {
        try
        {
            var readAt = clock.GetTimestamp();
            var loaded = new KeyCache(await ReadOrMakeAsync(), readAt);
            lock (gate)
            {
                cache = loaded;
            }

            return loaded;
        }
        finally
        {
            lock (gate)
            {
                loading = null;
            }
        }
    }

    private async Task<IReadOnlyList<OpenedKey>> ReadOrMakeAsync()
    {
        await using (var db = await databases.CreateDbContextAsync())
        {
            var keys = factory.Open(await InOrder(db).AsNoTracking().ToListAsync());
            if (!NeedsOne(keys))
            {
                return keys;
            }
        }

        // The lane looks again, because another node may have made a key in the meantime.
        return await lane.RunAsync(
            async db =>
            {
                var keys = factory.Open(await InOrder(db).AsNoTracking().ToListAsync());
                if (NeedsOne(keys))
                {
                    var made = factory.Create();
                    db.SigningKeys.Add(made);
                    await db.SaveChangesAsync();
                    keys.Add(factory.Open(made));
                }

                return keys;
            },
            CancellationToken.None);
    }

    // A key that cannot be unprotected, because the keys beside the database were replaced, cannot sign. If no published key can, a new one
    // is needed at once.
    private bool NeedsOne(IReadOnlyList<OpenedKey> keys) =>
        schedule.IsDue(keys.Count > 0 ? keys[^1].Row.CreatedAt : null, clock.GetUtcNow())
        || Published(keys).TrueForAll(key => key.Private is null);

    /// <summary>Of all keys, oldest first, those that may have signed a token that is still valid, and those that will sign next.</summary>
    private List<OpenedKey> Published(IReadOnlyList<OpenedKey> keys)
    {
        var now = clock.GetUtcNow();
        return [.. keys.Where((_, i) => i == keys.Count - 1 || now < schedule.PublishedUntil(keys[i + 1].Row.CreatedAt))];
    }

    /// <summary>The keys that were read at a timestamp of the clock.</summary>
    private sealed record KeyCache(IReadOnlyList<OpenedKey> Keys, long ReadAt);
}
