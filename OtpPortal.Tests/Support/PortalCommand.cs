using System.Diagnostics;

namespace OtpPortal.Tests.Support;

/// <summary>The portal's program with arguments, as a process of its own.</summary>
internal static class PortalCommand
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What starts the program with these arguments, from its own folder.</summary>
    public static ProcessStartInfo StartInfo(string environment, params string[] arguments)
    {
        var program = Path.Combine(SourceTree.Root, "OtpPortal",
            Path.GetRelativePath(Path.Combine(SourceTree.Root, "OtpPortal.Tests"), AppContext.BaseDirectory), "OtpPortal.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = Path.Combine(SourceTree.Root, "OtpPortal"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        return start;
    }

    /// <summary>Runs a command to its end: its exit code, and what it printed.</summary>
    public static async Task<(int Code, string Said)> RunAsync(string environment, params string[] arguments)
    {
        var start = StartInfo(environment, arguments);
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, string.Concat(said).ReplaceLineEndings("\n"));
    }
}
