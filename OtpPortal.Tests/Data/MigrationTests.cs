using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using OtpPortal.Data;

namespace OtpPortal.Tests.Data;

/// <summary>A database of an earlier commit opens, and loses nothing that anybody reads.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Codes_that_stood_in_one_row_become_rows_of_their_own()
    {
        var file = new DatabaseFile("Data Source=app.db", folder.FullName);
        var (first, second, newest, redeemed) = (Hash('A'), Hash('B'), Hash('C'), Hash('D'));
        await using (var connection = await file.OpenForWritingAsync())
        await using (var db = new PortalDbContext(DatabaseFile.OptionsFor(connection)))
        {
            await db.GetService<IMigrator>().MigrateAsync("Initial", Cancel);
            await AddAsync(db, "waits@example.com", newest, $"{second}@1790000000002;{first}@1790000000001;", verifiedAt: null);
            await AddAsync(db, "redeemed@example.com", $"redeemed:{redeemed}", "", verifiedAt: 1780000000500);
        }

        await file.PrepareAsync();

        await using var reading = await file.OpenReadOnlyAsync();
        await using var after = new PortalDbContext(DatabaseFile.OptionsFor(reading));
        var codes = await after.SentCodes.AsNoTracking().OrderBy(code => code.Id).ToListAsync(Cancel);
        Assert.Equal(
            [
                (first, SentCodeState.Superseded, 1790000000001), (second, SentCodeState.Superseded, 1790000000002),
                (newest, SentCodeState.Waiting, 1790000000003),
            ],
            codes.Where(code => code.Identifier == "waits@example.com")
                .Select(code => (code.Hash, code.State, code.ExpiresAt.ToUnixTimeMilliseconds())));
        Assert.Equal((redeemed, SentCodeState.Redeemed), codes.Where(code => code.Identifier == "redeemed@example.com")
            .Select(code => (code.Hash, code.State)).Single());
        Assert.Equal(2, await after.OtpCodes.CountAsync(row => row.Attempts == 3, Cancel));
    }

    private static string Hash(char letter) => new(letter, 64);

    private static Task AddAsync(PortalDbContext db, string email, string hash, string earlier, long? verifiedAt) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO OtpCodes (Email, Purpose, CodeHash, ExpiresAt, LastSentAt, Attempts, CreatedAt, VerifiedAt, EarlierCodes, Failures,
                HourStartedAt, HourSends, DayStartedAt, DaySends, PurgeAfter)
            VALUES ({email}, 'login', {hash}, 1790000000003, 1780000000000, 3, 1770000000000, {verifiedAt}, {earlier}, 0, 0, 1, 0, 1, 0)
            """,
            Cancel);
}
