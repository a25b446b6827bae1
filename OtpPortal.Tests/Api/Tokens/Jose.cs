using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>
/// The npm package <c>jose</c>, an implementation of JSON Web Tokens that shares nothing with ours. It is installed into <c>artifacts/</c>,
/// in exactly one version and without a lock file, which would name a registry. Where that cannot be done the tests that ask it are
/// skipped, and say why.
/// </summary>
public sealed class Jose : IAsyncLifetime
{
    private const string Version = "6.2.17";

    private static readonly string Folder = Path.Combine(SourceTree.Root, "artifacts", "jose");
    private static readonly string Package = Path.Combine(Folder, "node_modules", "jose", "package.json");

    private string? missing;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        if (await RunAsync("node", "", "--version") is { Code: not 0 } node)
        {
            missing = $"node did not run: {node.Said}";
        }
        else if (!IsInstalled() && await RunAsync(
            "npm", "", "install", "--prefix", Folder, "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts",
                $"jose@{Version}") is { Code: not 0 } npm)
        {
            missing = $"npm could not install jose {Version}: {npm.Said}";
        }
        else
        {
            // Node looks for packages from where the script lies.
            File.Copy(Path.Combine(SourceTree.Root, "OtpPortal.Tests", "Api", "Tokens", "jose.mjs"), Path.Combine(Folder, "jose.mjs"),
                overwrite: true);
        }
    }

    /// <summary>Asks it, or skips the test.</summary>
    public async Task<JsonElement> AskAsync(object request)
    {
        Assert.SkipWhen(missing is not null, missing ?? "");
        var (code, said) = await RunAsync("node", JsonSerializer.Serialize(request), Path.Combine(Folder, "jose.mjs"));
        Assert.True(code == 0, said);
        return JsonSerializer.Deserialize<JsonElement>(said);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsInstalled() =>
        File.Exists(Package)
            && JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Package)).GetProperty("version").GetString() == Version;

    private static async Task<(int Code, string Said)> RunAsync(string program, string input, params string[] arguments)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
                    WorkingDirectory = Folder,
            })!;
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            var (said, failed) = (process.StandardOutput.ReadToEndAsync(cancellationToken),
                process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, process.ExitCode == 0 ? await said : $"{await said} {await failed}".Trim());
        }
        catch (Win32Exception absent)
        {
            return (-1, absent.Message);
        }
    }
}
