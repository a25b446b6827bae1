using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>Lets one process at a time start on a database. The operating system releases the lock however its holder ends.</summary>
public sealed class StartupLock : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    // The lock of another process's file raises no event when it is released, so it has to be tried again.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly FileStream file;

    private StartupLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock, and waits for another holder.</summary>
    /// <param name="path">The lock's file. It is never deleted: otherwise two processes could lock two files of the same name.</param>
    /// <param name="clock">Measures the wait.</param>
    /// <exception cref="StartupException">Another process has held the lock for too long.</exception>
    public static async Task<StartupLock> TakeAsync(string path, TimeProvider clock, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            if (TryOpen(path) is { } opened)
            {
                return new StartupLock(opened);
            }

            if (clock.GetElapsedTime(begun) >= LongestStart)
            {
                throw new StartupException(
                    $"Another portal has been starting on the same database for {LongestStart.TotalSeconds} s; it holds {path}. Stop it, "
                        + "or wait for it.");
            }

            await Task.Delay(RetryInterval, clock, cancellationToken);
        }
    }

    public void Dispose() => file.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
