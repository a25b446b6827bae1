namespace OtpPortal.Data;

/// <summary>Removes expired rows of one kind.</summary>
internal interface IPurge
{
    /// <summary>The name of what is removed, for the log: "codes", "unverified accounts".</summary>
    string Name { get; }

    /// <summary>Removes the rows that have expired, in batches that let other work run between them.</summary>
    /// <returns>The number of rows removed.</returns>
    Task<int> RunAsync(CancellationToken cancellationToken);
}

/// <summary>Records purges that removed something.</summary>
internal interface IPurgeLog
{
    Task RecordAsync(string name, int rows, CancellationToken cancellationToken);
}
