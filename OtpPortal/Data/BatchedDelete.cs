using Microsoft.EntityFrameworkCore;

namespace OtpPortal.Data;

/// <summary>Deletes any number of rows in small units of work, so that nobody waits long behind one.</summary>
internal sealed class BatchedDelete(WriteLane lane)
{
    /// <summary>Rows in a batch, which takes a few milliseconds of the lane's time.</summary>
    public const int Size = 500;

    /// <summary>Repeats <paramref name="sql"/> until it finds fewer rows than a batch.</summary>
    /// <param name="sql">A DELETE of at most {1} rows that had expired at {0}, in Unix milliseconds.</param>
    /// <param name="over">The time at which the rows had expired.</param>
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
