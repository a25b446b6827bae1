using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>A backup is made while the portal is busy.</summary>
public sealed class BackupUnderLoadTests
{
    [Fact]
    public async Task A_backup_ends_while_the_portal_writes_and_is_whole()
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync("ann@example.com");
        var copy = Path.Combine(Path.GetDirectoryName(portal.Database)!, "backup.db");
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(worker => SendAsync(worker)));
        var (exitCode, said) = await portal.RunAsync(TimeSpan.FromSeconds(30), "backup", copy);
        await enough.CancelAsync();
        var sent = await load;
        Assert.True(exitCode == 0, said);
        Assert.True(sent.Sum() > 0);
        Assert.Equal(["ok"], SqliteFile.Read(copy, "PRAGMA integrity_check"));
        Assert.Equal(["ann@example.com"], SqliteFile.Read(copy, "SELECT Email FROM AspNetUsers"));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(copy) == (UnixFileMode.UserRead | UnixFileMode.UserWrite),
            "Others may read the copy.");

        // What is there already is not overwritten.
        Assert.NotEqual(0, (await portal.RunAsync(TimeSpan.FromSeconds(30), "backup", copy)).ExitCode);

        async Task<int> SendAsync(int worker)
        {
            var visitor = portal.NewVisitor();
            var count = 0;
            for (; !enough.IsCancellationRequested; count++)
            {
                await visitor.PostAsync("login", new { email = $"person{worker}.{count}@example.com" }).Is(HttpStatusCode.Accepted);
            }

            return count;
        }
    }
}
