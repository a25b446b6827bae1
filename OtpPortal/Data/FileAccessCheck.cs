using System.Runtime.Versioning;
using OtpPortal.Hosting;

namespace OtpPortal.Data;

/// <summary>
/// Checks who may access the files of the portal: its database, the files beside it, and its keys. They hold addresses, and keys that
/// decrypt sessions. The portal creates them for their owner alone, but a restored backup or a copy has the mode of somebody's umask.
/// </summary>
internal sealed class FileAccessCheck(DatabaseFile file, IHostEnvironment environment, ILogger<FileAccessCheck> log)
{
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Refuses files that other users of this machine may read or write. Development makes them private instead, so that a copy of the
    /// example database works. Access of the group is only logged, because some setups need it, for backups or in containers.
    /// </summary>
    /// <exception cref="StartupException">Other users may access a file. The message contains the command that fixes it.</exception>
    public void Run()
    {
        if (!OperatingSystem.IsWindows())
        {
            Check([.. Paths().Where(path => File.Exists(path) || Directory.Exists(path))]);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private void Check(List<string> found)
    {
        var open = found.Where(path => Allows(path, Others)).ToList();
        if (open.Count > 0)
        {
            Close(open);
        }

        var shared = found.Where(path => Allows(path, Group)).ToList();
        if (shared.Count > 0)
        {
            log.LogWarning(
                "The group of these files may read or write them, and they hold addresses and keys: {Paths}. "
                + "If nobody in it should, run: chmod g-rwx {Quoted}",
                string.Join(", ", shared),
                Quote(shared));
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static bool Allows(string path, UnixFileMode some) => (File.GetUnixFileMode(path) & some) != UnixFileMode.None;

    private static string Quote(IEnumerable<string> paths) =>
        string.Join(' ', paths.Select(path => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    private IEnumerable<string> Paths() =>
    [
        file.Path, file.Path + "-wal", file.Path + "-shm", file.Path + ".otpkey", file.KeyFolder.FullName,
        .. file.KeyFolder.Exists ? file.KeyFolder.EnumerateFiles("*.xml").Select(key => key.FullName) : [],
    ];

    [UnsupportedOSPlatform("windows")]
    private void Close(List<string> open)
    {
        if (!environment.IsDevelopment() || !TryMakePrivate(open))
        {
            throw new StartupException(
                $"Others on this machine may read or write {string.Join(", ", open)}. They hold addresses and keys. "
                + $"Allowed: files for their owner alone. Run: chmod go-rwx {Quote(open)}");
        }

        log.LogInformation("Others on this machine could read or write {Paths}. They are private now", string.Join(", ", open));
    }

    [UnsupportedOSPlatform("windows")]
    private static bool TryMakePrivate(List<string> open)
    {
        try
        {
            open.ForEach(path => File.SetUnixFileMode(path, File.GetUnixFileMode(path) & OwnersOnly));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
