using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>
/// The number of events of one kind and purpose in one span of time, so that statistics do not have to count millions of rows.
/// </summary>
public sealed class ActivityTotal
{
    /// <summary>Length of the span in seconds: a minute, an hour or a day.</summary>
    public int Span { get; init; }

    /// <summary>Its start, in seconds since 1970-01-01 UTC.</summary>
    public long Start { get; init; }

    public ActivityEventKind Kind { get; init; }

    public string Purpose { get; init; } = "";

    /// <summary>The bucket of their delay; -1 for events without one.</summary>
    public int Bucket { get; init; }

    public long Count { get; init; }
}

/// <summary>The table of <see cref="ActivityTotal"/>.</summary>
internal sealed class ActivityTotalConfiguration : IEntityTypeConfiguration<ActivityTotal>
{
    public void Configure(EntityTypeBuilder<ActivityTotal> builder) =>
        builder.HasKey(row => new { row.Span, row.Start, row.Kind, row.Purpose, row.Bucket });
}

/// <summary>The number of events of one kind and mail domain in one span of time.</summary>
public sealed class ActivityDomainTotal
{
    /// <summary>Length of the span in seconds: an hour or a day.</summary>
    public int Span { get; init; }

    /// <summary>Its start, in seconds since 1970-01-01 UTC.</summary>
    public long Start { get; init; }

    /// <summary>The part of the address after the @.</summary>
    public string Domain { get; init; } = "";

    public ActivityEventKind Kind { get; init; }

    /// <summary>The bucket of their delay; -1 for events without one.</summary>
    public int Bucket { get; init; }

    public long Count { get; init; }
}

/// <summary>The table of <see cref="ActivityDomainTotal"/>.</summary>
internal sealed class ActivityDomainTotalConfiguration : IEntityTypeConfiguration<ActivityDomainTotal>
{
    public void Configure(EntityTypeBuilder<ActivityDomainTotal> builder) =>
        builder.HasKey(row => new { row.Span, row.Kind, row.Start, row.Domain, row.Bucket });
}

/// <summary>The position up to which events have been counted into the totals.</summary>
public sealed class RollupCursor
{
    /// <summary>Always 1: there is one row.</summary>
    public int Id { get; init; }

    /// <summary>The Id of the last event that was counted.</summary>
    public long UpTo { get; init; }
}

/// <summary>The table of <see cref="RollupCursor"/>.</summary>
internal sealed class RollupCursorConfiguration : IEntityTypeConfiguration<RollupCursor>
{
    public void Configure(EntityTypeBuilder<RollupCursor> builder) => builder.Property(row => row.Id).ValueGeneratedNever();
}
