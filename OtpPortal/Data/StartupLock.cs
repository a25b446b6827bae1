using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>Lets one process at a time begin on a database. The operating system takes the lock back however its holder ends.</summary>
public sealed class StartupLock : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    private readonly FileStream file;

    private StartupLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock, waiting for another holder.</summary>
    /// <param name="path">Its file. It stays: were it deleted, two could hold a lock on two files of the same name.</param>
    /// <exception cref="StartupException">Another process has held it for too long.</exception>
    public static StartupLock Take(string path)
    {
        FileStream? held = null;
        return SpinWait.SpinUntil(() => TryOpen(path, out held), LongestStart)
            ? new StartupLock(held!)
            : throw new StartupException(
                $"Another portal has been starting on the same database for {LongestStart.TotalSeconds} s; it holds {path}. Stop it, or "
                    + "wait for it.");
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => file.Dispose();

    private static bool TryOpen(string path, out FileStream? opened)
    {
        try
        {
            opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            opened = null;
            return false;
        }
    }
}
