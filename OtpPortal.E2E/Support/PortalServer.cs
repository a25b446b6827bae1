using System.Net.Http.Json;
using System.Text.Json;

namespace OtpPortal.E2E.Support;

/// <summary>The portal as its own process, on a database file of its own.</summary>
public sealed class PortalServer : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-e2e-");
    private readonly Dictionary<string, string> settings;
    private readonly HttpClient http = new();
    private PortalProcess? process;
    private string before = "";

    private string program = Repository.Program;
    private string home = Repository.Portal;

    private PortalServer(Dictionary<string, string> settings) => this.settings = settings;

    /// <summary>Where it listens, the same after a restart.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The address of a page.</summary>
    public string Url(string path) => new Uri(Address, path).ToString();

    /// <summary>Its SQLite file.</summary>
    public string Database => Path.Combine(folder.FullName, "app.db");

    /// <summary>What it printed so far, before a restart too.</summary>
    public string Output => before + process?.Output;

    public static Task<PortalServer> StartAsync(params (string Key, string Value)[] settings) => StartAsync(published: null, settings);

    /// <summary>Starts the portal as it is deployed.</summary>
    public static async Task<PortalServer> StartPublishedAsync(params (string Key, string Value)[] settings) =>
        await StartAsync(await Publication.FolderAsync(), settings);

    private static async Task<PortalServer> StartAsync(string? published, (string Key, string Value)[] settings)
    {
        var server = new PortalServer(new(StringComparer.Ordinal) { ["RateLimits__Enabled"] = "false" });
        if (published is not null)
        {
            (server.home, server.program) = (published, Path.Combine(published, "OtpPortal.dll"));
        }

        foreach (var (key, value) in settings)
        {
            server.settings[key] = value;
        }

        await server.StartAsync();
        return server;
    }

    /// <summary>Ends the process as a power cut would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        before += process!.Output + '\n';
        await process.DisposeAsync();
        process = null;
    }

    /// <summary>Starts it again on the same address and database.</summary>
    public async Task StartAsync()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Portal"] = $"Data Source={Database}",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        process = PortalProcess.Start(program, home, all, "--urls", Address.ToString());
        Address = await process.ListeningAsync();
    }

    /// <summary>The messages to an address, newest first, once there are at least <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<Message>> MessagesAsync(string to, int count = 1)
    {
        using var late = new CancellationTokenSource(Timeouts.Time);
        while (true)
        {
            var all = await http.GetFromJsonAsync<List<Message>>(
                new Uri(Address, "/dev/inbox/messages"), JsonSerializerOptions.Web, late.Token);
            var mine = all!.Where(message => message.To == to).ToList();
            if (mine.Count >= count)
            {
                return mine;
            }

            await Task.Delay(50, late.Token);
        }
    }

    /// <summary>The newest code mailed to an address, once <paramref name="count"/> messages are there.</summary>
    public async Task<string> CodeForAsync(string to, int count = 1) =>
        (await MessagesAsync(to, count)).First(message => message.Code is not null).Code!;

    /// <summary>Waits until it has printed something: a line comes a while after what it tells of.</summary>
    public async Task SaidAsync(string text)
    {
        using var late = new CancellationTokenSource(Timeouts.Time);
        while (!Output.Contains(text, StringComparison.OrdinalIgnoreCase))
        {
            await Task.Delay(50, late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
        {
            await KillAsync();
        }

        folder.Delete(recursive: true);
    }
}

/// <summary>A message in the development inbox.</summary>
public sealed record Message(
    string To, string Channel, string? Purpose, string Subject, string Text, string Html, string? Code, DateTimeOffset SentAt);
