using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Api.Tokens;

/// <summary>The keys that access tokens are signed with, shared by all nodes through the database.</summary>
public sealed class SigningKeys(
    WriteLane lane, IDbContextFactory<PortalDbContext> databases, IDataProtectionProvider protection, IOptions<JwtOptions> options, TimeProvider clock)
{
    private readonly IDataProtector protector = protection.CreateProtector("OtpPortal.SigningKeys");
    private readonly KeySchedule schedule = new(options.Value.KeyLifetime, options.Value.Lifetime);

    /// <summary>Signs with the key whose turn it is.</summary>
    public async Task<string> SignAsync(IReadOnlyDictionary<string, object> claims)
    {
        var keys = Published(await ReadyAsync());
        var row = KeySchedule.Signing(keys.Where(key => Open(key) is not null).ToList(), key => key.CreatedAt, clock.GetUtcNow())!;
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Open(row), out _);
        return Es256.Sign(key, row.Kid, claims);
    }

    /// <summary>The public keys by which tokens can be verified now.</summary>
    public async Task<IReadOnlyList<JsonWebKey>> PublishedAsync() =>
        [.. Published(await ReadyAsync()).Select(key => new JsonWebKey(key.X, key.Y, key.Kid))];

    /// <summary>Removes keys that are no longer published.</summary>
    public Task<int> RemoveOldAsync(CancellationToken cancel) => lane.RunAsync(
        async db =>
        {
            var keys = await InOrder(db).ToListAsync(cancel);
            var old = keys.Except(Published(keys)).ToList();
            db.SigningKeys.RemoveRange(old);
            await db.SaveChangesAsync(cancel);
            return old.Count;
        },
        cancel);

    private static IOrderedQueryable<SigningKey> InOrder(PortalDbContext db) => db.SigningKeys.OrderBy(key => key.CreatedAt).ThenBy(key => key.Kid);

    /// <summary>All keys, oldest first, with a new one if it is time for that.</summary>
    private async Task<List<SigningKey>> ReadyAsync()
    {
        await using (var db = await databases.CreateDbContextAsync())
        {
            var keys = await InOrder(db).AsNoTracking().ToListAsync();
            if (!NeedsOne(keys))
            {
                return keys;
            }
        }

        // In the lane, because another request or another node may just have done it.
        return await lane.RunAsync(
            async db =>
            {
                var keys = await InOrder(db).AsNoTracking().ToListAsync();
                if (NeedsOne(keys))
                {
                    var made = Make();
                    db.SigningKeys.Add(made);
                    await db.SaveChangesAsync();
                    keys.Add(made);
                }

                return keys;
            },
            CancellationToken.None);
    }

    // One that cannot be opened, because the keys beside the database were replaced, signs no more, nor does one that nobody finds: then a new one
    // must at once.
    private bool NeedsOne(List<SigningKey> keys) =>
        schedule.IsDue(keys.LastOrDefault()?.CreatedAt, clock.GetUtcNow()) || Published(keys).TrueForAll(key => Open(key) is null);

    /// <summary>Of all keys, oldest first, those whose tokens may be about.</summary>
    private List<SigningKey> Published(List<SigningKey> keys)
    {
        var now = clock.GetUtcNow();
        return [.. keys.Where((_, i) => i == keys.Count - 1 || now < schedule.PublishedUntil(keys[i + 1].CreatedAt))];
    }

    private SigningKey Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JsonWebKey.Of(key);
        return new SigningKey
        {
            Kid = jwk.Kid,
            X = jwk.X,
            Y = jwk.Y,
            ProtectedKey = Convert.ToBase64String(protector.Protect(key.ExportPkcs8PrivateKey())),
            CreatedAt = clock.GetUtcNow(),
        };
    }

    private byte[]? Open(SigningKey key)
    {
        try
        {
            return protector.Unprotect(Convert.FromBase64String(key.ProtectedKey));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Removes signing keys whose last token has expired.</summary>
public sealed class SigningKeyPurge(SigningKeys keys) : IPurge
{
    /// <inheritdoc/>
    public string What => "signing keys";

    /// <inheritdoc/>
    public Task<int> RunAsync(CancellationToken cancel) => keys.RemoveOldAsync(cancel);
}
