namespace OtpPortal.Data;

/// <summary>One pass that removes rows whose time is over.</summary>
public interface IPurge
{
    /// <summary>What it removes, for the log: "codes", "unverified accounts".</summary>
    string Name { get; }

    /// <summary>Removes what is over now, in batches with room for others between them.</summary>
    /// <returns>The number of rows removed.</returns>
    Task<int> RunAsync(CancellationToken cancellationToken);
}

/// <summary>Where a purge that removed something is recorded.</summary>
public interface IPurgeLog
{
    Task RecordAsync(string name, int rows, CancellationToken cancellationToken);
}
