namespace OtpPortal.Tests.Support;

/// <summary>Rights of files and folders where the operating system has them, which Windows does not.</summary>
internal static class UnixRights
{
    public const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    /// <summary>The rights of a file or folder; none on Windows.</summary>
    public static UnixFileMode Of(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    /// <summary>Sets the rights, except on Windows.</summary>
    public static void Set(string path, UnixFileMode rights)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, rights);
        }
    }

    /// <summary>Asserts the rights, except on Windows.</summary>
    public static void AssertEqual(UnixFileMode expected, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(expected, File.GetUnixFileMode(path));
        }
    }
}
