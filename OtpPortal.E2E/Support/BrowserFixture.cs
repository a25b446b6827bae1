using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(OtpPortal.E2E.Support.BrowserFixture))]

namespace OtpPortal.E2E.Support;

/// <summary>One browser process for all tests. It is the machine's own Chromium, Chrome or Edge: nothing is downloaded.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

    // Blazor draws nothing that needs a GPU, and none of the browser's own services may call home from a test.
    // The names of the documentation's examples are this machine.
    private static readonly string[] Arguments =
        ["--host-resolver-rules=MAP *.example.com 127.0.0.1", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Timeouts.Milliseconds);
        Browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Find(), Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright?.Dispose();
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("BROWSER_PATH") is { Length: > 0 } named)
        {
            return named;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Chromium, Chrome or Edge is in PATH. ./test.sh installs one, or set BROWSER_PATH.");
    }
}
