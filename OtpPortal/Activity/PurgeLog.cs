using OtpPortal.Data;

namespace OtpPortal.Activity;

/// <summary>Records a purge as an event.</summary>
internal sealed class PurgeLog(WriteLane lane, TimeProvider clock) : IPurgeLog
{
    public Task RecordAsync(string name, int rows, CancellationToken cancellationToken) => lane.RunAsync(
        db => db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = ActivityEventKind.Purged, Count = rows, Detail = name }),
        cancellationToken);
}
