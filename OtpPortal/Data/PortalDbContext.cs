using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>The portal's tables. Reads may use it anywhere; writes go through <see cref="WriteLane"/>.</summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options) : IdentityUserContext<PortalUser>(options)
{
    private readonly List<Action> committed = [];

    /// <summary>What the rules remember of an identifier and purpose.</summary>
    public DbSet<OtpCode> OtpCodes => Set<OtpCode>();

    /// <summary>Every code that was sent.</summary>
    public DbSet<SentCode> SentCodes => Set<SentCode>();

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

        // Each table is configured beside its row.
        builder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(),
        value => DateTimeOffset.FromUnixTimeMilliseconds(value));
}
