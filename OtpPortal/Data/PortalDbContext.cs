using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace OtpPortal.Data;

/// <summary>The portal's tables. Reads may use it anywhere; writes go through <see cref="WriteLane"/>.</summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options) : IdentityUserContext<PortalUser>(options)
{
    private readonly List<Action> committed = [];

    /// <summary>The one-time codes, keyed by (email, purpose).</summary>
    public DbSet<OtpCode> OtpCodes => Set<OtpCode>();

    /// <summary>Messages accepted, and for a while those that ended.</summary>
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    /// <summary>Wrong passwords in a row.</summary>
    public DbSet<PasswordFailures> PasswordFailures => Set<PasswordFailures>();

    /// <summary>The keys that access tokens are signed with.</summary>
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    /// <summary>The refresh tokens of API clients, by their hashes.</summary>
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    /// <summary>Does <paramref name="action"/> once what is being written has been committed, and never if it is not.</summary>
    public void OnCommitted(Action action) => committed.Add(action);

    internal IReadOnlyList<Action> Committed => committed;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        builder.Entity<OtpCode>(code =>
        {
            code.ToTable("OtpCodes").HasKey(row => new { row.Email, row.Purpose });
            code.Property(row => row.Email).HasMaxLength(254);
            code.Property(row => row.Purpose).HasMaxLength(20);
            code.HasIndex(row => row.PurgeAfter);
        });

        builder.Entity<OutboxMessage>(message =>
        {
            message.ToTable("Outbox");
            message.HasIndex(row => new { row.State, row.NextTryAt });
            message.HasIndex(row => new { row.Email, row.Purpose });
        });

        builder.Entity<PasswordFailures>(failures =>
        {
            failures.ToTable("PasswordFailures").HasKey(row => row.Email);
            failures.HasIndex(row => row.LastFailureAt);
        });

        builder.Entity<PortalUser>(user =>
        {
            // One account an address, decided by the database and not by who looked first.
            user.HasIndex(row => row.NormalizedEmail).IsUnique().HasDatabaseName("EmailIndex");
            user.HasIndex(row => new { row.EmailConfirmed, row.RegisteredAt });
            user.HasIndex(row => row.PhoneNumber);
        });

        builder.Entity<SigningKey>(key => key.ToTable("SigningKeys").HasKey(row => row.Kid));

        builder.Entity<RefreshToken>(token =>
        {
            token.ToTable("RefreshTokens").HasKey(row => row.TokenHash);
            token.HasOne<PortalUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
            token.HasIndex(row => row.Family);
            token.HasIndex(row => row.ExpiresAt);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(),
        value => DateTimeOffset.FromUnixTimeMilliseconds(value));
}
