using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

public sealed class StartupLockTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-lock-");
    private readonly TestClock clock = new();

    private string LockFile => Path.Combine(folder.FullName, "start.lock");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_start_waits_until_another_one_releases_the_lock()
    {
        var first = await StartupLock.TakeAsync(LockFile, clock, Cancel);
        var second = StartupLock.TakeAsync(LockFile, clock, Cancel);
        Assert.False(second.IsCompleted);

        first.Dispose();
        await AdvanceUntilCompletedAsync(second);

        (await second).Dispose();
    }

    [Fact]
    public async Task A_start_that_waits_for_a_minute_gives_up_and_names_the_file()
    {
        using var first = await StartupLock.TakeAsync(LockFile, clock, Cancel);
        var begun = clock.GetTimestamp();
        var second = StartupLock.TakeAsync(LockFile, clock, Cancel);

        await AdvanceUntilCompletedAsync(second);

        var failure = await Assert.ThrowsAsync<StartupException>(() => second);
        Assert.Contains(LockFile, failure.Message, StringComparison.Ordinal);
        Assert.True(clock.GetElapsedTime(begun) >= TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_start_that_is_cancelled_waits_no_longer()
    {
        using var first = await StartupLock.TakeAsync(LockFile, clock, Cancel);
        using var cancellation = new CancellationTokenSource();
        var second = StartupLock.TakeAsync(LockFile, clock, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    private async Task AdvanceUntilCompletedAsync(Task waiting)
    {
        while (!waiting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
