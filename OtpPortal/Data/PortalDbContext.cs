using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OtpPortal.Hosting;

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

    /// <summary>What registrants typed whose address is not proven yet.</summary>
    public DbSet<PendingRegistration> PendingRegistrations => Set<PendingRegistration>();

    /// <summary>The sign-ins that last.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Right passwords that a second factor must follow.</summary>
    public DbSet<LoginToken> LoginTokens => Set<LoginToken>();

    /// <summary>Messages to what several identifiers share.</summary>
    public DbSet<SendCounter> SendCounters => Set<SendCounter>();

    /// <summary>What happened.</summary>
    public DbSet<ActivityEvent> Activity => Set<ActivityEvent>();

    /// <summary>Events counted by minutes, hours and days.</summary>
    public DbSet<ActivityTotal> ActivityTotals => Set<ActivityTotal>();

    /// <summary>Events counted by hours, days and mail domains.</summary>
    public DbSet<ActivityDomainTotal> ActivityDomainTotals => Set<ActivityDomainTotal>();

    /// <summary>How far they are counted.</summary>
    public DbSet<RollupCursor> RollupCursors => Set<RollupCursor>();

    /// <summary>Where this unit of work came from.</summary>
    public RequestContext RequestContext { get; init; } = RequestContext.Portal;

    /// <summary>Learns of the events of this unit of work once it is committed; null where nobody does.</summary>
    public ICommitObserver? Observer { get; init; }

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
            code.HasIndex(row => new { row.Purpose, row.ExpiresAt, row.VerifiedAt });
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

            // A number that is proven names one account. Any number of accounts may name one that is not.
            user.HasIndex(row => row.PhoneNumber, "IX_AspNetUsers_PhoneNumber");
            user.HasIndex(row => row.PhoneNumber, "VerifiedNumberIndex").IsUnique().HasFilter("\"PhoneNumberConfirmed\"");
        });

        builder.Entity<ActivityEvent>(happened =>
        {
            happened.ToTable("Activity");
            happened.HasIndex(row => row.At);
            happened.HasIndex(row => new { row.Kind, row.Purpose, row.At });
            happened.HasIndex(row => new { row.Address, row.At });
        });
        builder.Entity<ActivityTotal>(total => total.HasKey(row => new { row.Span, row.Start, row.Kind, row.Purpose, row.Bucket }));
        builder.Entity<ActivityDomainTotal>(total => total.HasKey(row => new { row.Span, row.Kind, row.Start, row.Domain, row.Bucket }));
        builder.Entity<RollupCursor>(mark => mark.Property(row => row.Id).ValueGeneratedNever());

        builder.Entity<SigningKey>(key => key.ToTable("SigningKeys").HasKey(row => row.Kid));

        builder.Entity<RefreshToken>(token =>
        {
            token.ToTable("RefreshTokens").HasKey(row => row.TokenHash);
            token.HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Cascade);
        });

        builder.Entity<Session>(session =>
        {
            session.ToTable("Sessions");
            session.HasOne<PortalUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
            session.HasIndex(row => row.ExpiresAt);
            session.HasIndex(row => new { row.Kind, row.LastUsedAt });
        });

        builder.Entity<LoginToken>(token =>
        {
            token.ToTable("LoginTokens").HasKey(row => row.TokenHash);
            token.HasOne<PortalUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
            token.HasIndex(row => row.ExpiresAt);
        });

        builder.Entity<PendingRegistration>(pending =>
        {
            pending.ToTable("PendingRegistrations").HasKey(row => new { row.Email, row.Binding });
            pending.HasIndex(row => row.RegisteredAt);
        });

        builder.Entity<SendCounter>(counter =>
        {
            counter.ToTable("SendCounters").HasKey(row => row.Key);
            counter.HasIndex(row => row.PurgeAfter);
        });
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(),
        value => DateTimeOffset.FromUnixTimeMilliseconds(value));
}
