namespace OtpPortal.E2E.Support;

/// <summary>Where things are in the working copy that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The portal's project folder: its content root.</summary>
    public static string Portal => Path.Combine(Root, "OtpPortal");

    /// <summary>The portal's program, built in the same configuration as these tests.</summary>
    public static string Program
    {
        get
        {
            var output = Path.GetRelativePath(Path.Combine(Root, "OtpPortal.E2E"), AppContext.BaseDirectory);
            return Path.Combine(Portal, output, "OtpPortal.dll");
        }
    }

    /// <summary>Where a failed test leaves its picture.</summary>
    public static string Artifacts => Path.Combine(Root, "artifacts");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OtpPortal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("OtpPortal.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
