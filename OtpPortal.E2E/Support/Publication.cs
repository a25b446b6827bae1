using System.Diagnostics;

namespace OtpPortal.E2E.Support;

/// <summary>
/// The portal as it is deployed. Outside Development a program that was only built cannot serve its compressed files, which browsers ask
/// for: they come into being when it is published.
/// </summary>
public static class Publication
{
    private static readonly Lazy<Task<string>> Once = new(PublishAsync);

    /// <summary>The folder that the program of these tests was published to, once for all of them.</summary>
    public static Task<string> FolderAsync() => Once.Value;

    private static async Task<string> PublishAsync()
    {
        var folder = Path.Combine(Repository.Artifacts, "published");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo(
            "dotnet", ["publish", Repository.Portal, "-c", configuration, "--no-build", "-o", folder, "-v", "q", "-nodeReuse:false"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? folder
            : throw new InvalidOperationException($"The portal could not be published:\n{string.Join('\n', said)}");
    }
}
