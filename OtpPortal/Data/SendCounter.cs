using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>
/// How many messages were sent to something that several identifiers share: a mailbox, a range of numbers, the portal's budget of texts.
/// </summary>
public sealed class SendCounter
{
    /// <summary>The kind of the counter and what it counts: <c>mailbox:ann@example.com</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Start of the hour in which <see cref="HourCount"/> is counted: its first message.</summary>
    public DateTimeOffset HourStartedAt { get; init; }

    public int HourCount { get; init; }

    /// <summary>Start of the day in which <see cref="DayCount"/> is counted: its first message.</summary>
    public DateTimeOffset DayStartedAt { get; init; }

    public int DayCount { get; init; }

    /// <summary>The time from which no limit needs the row.</summary>
    public DateTimeOffset PurgeAfter { get; init; }
}

/// <summary>The table of <see cref="SendCounter"/>.</summary>
internal sealed class SendCounterConfiguration : IEntityTypeConfiguration<SendCounter>
{
    public void Configure(EntityTypeBuilder<SendCounter> builder)
    {
        builder.ToTable("SendCounters").HasKey(row => row.Key);
        builder.HasIndex(row => row.PurgeAfter);
    }
}
