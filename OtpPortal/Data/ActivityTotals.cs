namespace OtpPortal.Data;

/// <summary>
/// How many events of one kind and purpose fell into one span of time: counted once, so that nobody counts millions of
/// rows.
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

/// <summary>The same for each mail domain.</summary>
public sealed class ActivityDomainTotal
{
    /// <summary>Length of the span in seconds: an hour or a day.</summary>
    public int Span { get; init; }

    /// <summary>Its start, in seconds since 1970-01-01 UTC.</summary>
    public long Start { get; init; }

    /// <summary>What stands behind the @.</summary>
    public string Domain { get; init; } = "";

    public ActivityEventKind Kind { get; init; }

    /// <summary>The bucket of their delay; -1 for events without one.</summary>
    public int Bucket { get; init; }

    public long Count { get; init; }
}

/// <summary>How far the events have been counted into the totals.</summary>
public sealed class RollupCursor
{
    /// <summary>Always 1: there is one row.</summary>
    public int Id { get; init; }

    /// <summary>The last event that was counted.</summary>
    public long UpTo { get; init; }
}
