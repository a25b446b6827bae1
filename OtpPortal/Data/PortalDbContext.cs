using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>The portal's tables. Reads may use the context anywhere; writes go through <see cref="WriteLane"/>.</summary>
public sealed class PortalDbContext(DbContextOptions<PortalDbContext> options) : IdentityUserContext<PortalUser>(options)
{
    private readonly List<Action> committed = [];

    /// <summary>What the rules remember of an identifier and purpose.</summary>
    public DbSet<OtpCode> OtpCodes => Set<OtpCode>();

    /// <summary>Every code that was sent.</summary>
    public DbSet<SentCode> SentCodes => Set<SentCode>();

    /// <summary>Messages accepted, and for a while those that ended.</summary>
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<PasswordFailures> PasswordFailures => Set<PasswordFailures>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<PendingRegistration> PendingRegistrations => Set<PendingRegistration>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<LoginToken> LoginTokens => Set<LoginToken>();

    public DbSet<SendCounter> SendCounters => Set<SendCounter>();

    public DbSet<ActivityEvent> Activity => Set<ActivityEvent>();

    public DbSet<ActivityTotal> ActivityTotals => Set<ActivityTotal>();

    public DbSet<ActivityDomainTotal> ActivityDomainTotals => Set<ActivityDomainTotal>();

    public DbSet<RollupCursor> RollupCursors => Set<RollupCursor>();

    /// <summary>The context of the request that this unit of work belongs to.</summary>
    public RequestContext RequestContext { get; init; } = RequestContext.Portal;

    /// <summary>Is called for the events of this unit of work once it is committed; null without an observer.</summary>
    public ICommitObserver? Observer { get; init; }

    /// <summary>Runs <paramref name="action"/> after the commit, and never if the unit of work fails.</summary>
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
