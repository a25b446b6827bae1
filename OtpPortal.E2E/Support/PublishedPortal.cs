using System.Globalization;
using System.Text.RegularExpressions;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Support;

/// <summary>
/// The portal as its own process in Production, with a mail server of the test's own, on a database in a temporary folder. It runs from the
/// published folder that <c>OTPPORTAL_FOLDER</c> names, so that the same tests run on any version, and otherwise from the build. The test
/// plays the reverse proxy before it.
/// </summary>
internal sealed partial class PublishedPortal : IAsyncDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("otpportal-doors-");
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeouts.Time,
    };
    private readonly Dictionary<string, string> settings;
    private PortalProcess? process;
    private string url = "http://127.0.0.1:0";
    private int visitors;

    private PublishedPortal(IEnumerable<(string Key, string Value)> chosen)
    {
        settings = new(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ConnectionStrings__Portal"] = $"Data Source={Database}",
            ["Email__From"] = "Portal <no-reply@example.com>",
            ["Email__Smtp__Host"] = "127.0.0.1",
            ["Email__Smtp__Port"] = Mail.Port.ToString(CultureInfo.InvariantCulture),
            ["ReverseProxy__KnownProxies"] = "127.0.0.1",
            ["RateLimits__Enabled"] = "false",
        };
        Set(chosen);
    }

    /// <summary>The folder with the program: the published one, or the project's, which is the content root of a build.</summary>
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("OTPPORTAL_FOLDER") is { Length: > 0 } published ? published : Repository.Portal;

    /// <summary>Whether <see cref="Folder"/> was named, and may be of an earlier version than these tests.</summary>
    public static bool IsNamed => Folder != Repository.Portal;

    /// <summary>The mail server.</summary>
    public SmtpServer Mail { get; } = new() { Certificate = null };

    /// <summary>The database file.</summary>
    public string Database => Path.Combine(home.FullName, "app.db");

    /// <summary>Where the portal listens, the same after a restart.</summary>
    public Uri Address => new(url);

    /// <summary>What the process printed since its start.</summary>
    public string Output => process?.Output ?? "";

    /// <summary>Bytes of memory that the process holds (RSS).</summary>
    public long Memory => process!.Memory;

    private string LastOutput => Output is { Length: > 4000 } output ? output[^4000..] : Output;
    private static string Program => IsNamed ? Path.Combine(Folder, "OtpPortal.dll") : Repository.Program;

    /// <summary>Starts a portal.</summary>
    /// <param name="chosen">Settings as environment variables.</param>
    public static async Task<PublishedPortal> StartAsync(params IEnumerable<(string Key, string Value)> chosen)
    {
        var portal = Prepare(chosen);
        await portal.RestartAsync();
        return portal;
    }

    /// <summary>A portal that does not run yet: its database can be laid in place.</summary>
    public static PublishedPortal Prepare(params IEnumerable<(string Key, string Value)> chosen) => new(chosen);

    /// <summary>Takes over the database of another portal, with the keys beside it. Neither of the two may run.</summary>
    public void CopyFilesOf(PublishedPortal other)
    {
        foreach (var folder in other.home.EnumerateDirectories())
        {
            UnixRights.Set(home.CreateSubdirectory(folder.Name).FullName, UnixRights.Of(folder.FullName));
        }

        foreach (var file in other.home.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.CopyTo(Path.Combine(home.FullName, Path.GetRelativePath(other.home.FullName, file.FullName)));
        }
    }

    /// <summary>Ends the process if it runs, and starts it with more settings on the same database and address.</summary>
    public async Task RestartAsync(params IEnumerable<(string Key, string Value)> more)
    {
        await StopAsync();
        Set(more);
        while (true)
        {
            process = PortalProcess.Start(Program, Folder, settings, "--urls", url);
            try
            {
                url = (await process.ListeningAsync()).GetLeftPart(UriPartial.Authority);
                return;
            }
            catch (InvalidOperationException) when (IsNamed && DropsUnknown(process.Output))
            {
                await StopAsync();
            }
        }
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
        {
            await process.DisposeAsync();
            process = null;
        }
    }

    /// <summary>Tries to start, and expects the refusal: what it says.</summary>
    public async Task<string> RefusalAsync()
    {
        await using var refused = PortalProcess.Start(Program, Folder, settings, "--urls", url);
        var listening = refused.ListeningAsync();
        var ended = refused.EndedAsync(Timeouts.Time);
        if (await Task.WhenAny(listening, ended) == listening && listening.IsCompletedSuccessfully)
        {
            Assert.Fail($"The portal started:\n{refused.Output}");
        }

        Assert.NotEqual(0, await ended);
        return refused.Output;
    }

    /// <summary>Runs a command of the program beside the portal to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(TimeSpan patience, params IEnumerable<string> arguments)
    {
        await using var command = PortalProcess.Start(Program, Folder, settings, arguments);
        return (await command.EndedAsync(patience), command.Output);
    }

    /// <summary>Somebody else on the network, behind the proxy.</summary>
    /// <param name="client">The client's address; a new one by default.</param>
    public Visitor NewVisitor(string? client = null)
    {
        var number = Interlocked.Increment(ref visitors);
        client ??= string.Create(CultureInfo.InvariantCulture, $"198.18.{number / 250}.{(number % 250) + 1}");
        return new Visitor(http, Address) { Client = client };
    }

    /// <summary>Returns once no message waits for delivery: what has not arrived now was never sent.</summary>
    public Task DrainedAsync() => UntilAsync(() => SqliteFile.Read(Database, "SELECT COUNT(*) FROM Outbox WHERE State = 0") is ["0"],
        "messages still wait");

    /// <summary>Waits for something that nobody announces.</summary>
    public async Task UntilAsync(Func<bool> holds, string otherwise, TimeSpan? patience = null)
    {
        using var late = new CancellationTokenSource(patience ?? Timeouts.Time);
        while (!holds())
        {
            try
            {
                await Task.Delay(50, late.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"In all the time {otherwise}. The portal said at last:\n{LastOutput}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(LastOutput);
        }

        await StopAsync();
        http.Dispose();
        await Mail.DisposeAsync();
        home.Delete(recursive: true);
    }

    private void Set(IEnumerable<(string Key, string Value)> chosen)
    {
        foreach (var (key, value) in chosen)
        {
            settings[key] = value;
        }
    }

    /// <summary>Drops the settings that an earlier version does not know and therefore refuses.</summary>
    private bool DropsUnknown(string said) => Unknown().Matches(said)
        .Select(unknown => settings.Remove(unknown.Groups["key"].Value.Replace(":", "__", StringComparison.Ordinal)))
        .Any(dropped => dropped);

    [GeneratedRegex("^ *(?<key>[A-Za-z:]+) means nothing", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unknown();
}
