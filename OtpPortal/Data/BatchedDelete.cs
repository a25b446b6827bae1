using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>Deletes any number of rows in units of work so small that nobody waits long behind one.</summary>
public sealed class BatchedDelete(WriteLane lane)
{
    /// <summary>Rows a batch: a few milliseconds of the lane's time.</summary>
    public const int Size = 500;

    /// <summary>Repeats <paramref name="sql"/> until it finds fewer rows than a batch.</summary>
    /// <param name="sql">A DELETE of at most {1} rows whose time {0}, in Unix milliseconds, is over.</param>
    /// <param name="over">The instant up to which a row's time is over.</param>
    public async Task<int> RunAsync(string sql, DateTimeOffset over, CancellationToken cancellationToken)
    {
        var total = 0;
        while (true)
        {
            var removed = await lane.RunAsync(
                db => db.Database.ExecuteSqlRawAsync(sql, over.ToUnixTimeMilliseconds(), Size), cancellationToken);
            total += removed;
            if (removed < Size)
            {
                return total;
            }
        }
    }
}
