using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E;

/// <summary>A portal that cannot start says which key is wrong, its value, and what is allowed.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-start-");

    private string Database => Path.Combine(folder.FullName, "app.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("Otp__Login__Expiry", "00:20:00", "Otp:Login:Expiry is 00:20:00. Allowed: 00:00:01 to 00:10:00.")]
    [InlineData("Otp__Register__CodeLength", "4", "Otp:Register:CodeLength is 4. Allowed: 6 to 20.")]
    [InlineData("Otp__Login__Expiry", "soon", "Otp:Login:Expiry is \"soon\". Allowed: a time as hours:minutes:seconds")]
    [InlineData("Otp__Login__Cooldwn", "00:01:00", "Otp:Login:Cooldwn means nothing. Allowed in Otp:Login: CodeLength")]
    [InlineData("Otp__Store", "Redis", "Otp:Store is \"Redis\". Allowed: Database.")]
    [InlineData("Database__Provider", "PostgreSql", "Database:Provider is \"PostgreSql\". Allowed: Sqlite.")]
    [InlineData("Otp__HashKey", "c2hvcnQ=", "Otp:HashKey has 8 characters that are not base64 of at least 32 bytes.")]
    [InlineData("Email__Smtp__Port", "99999", "Email:Smtp:Port is 99999. Allowed: 1 to 65535")]
    [InlineData("Email__TemplatesPath", "/no/such/folder",
        "Email:TemplatesPath is \"/no/such/folder\", and /no/such/folder cannot be read. Allowed: a folder")]
    [InlineData("RateLimits__SendsPerMinute", "0", "RateLimits:SendsPerMinute is 0. Allowed: 1 to 1000000")]
    [InlineData("ReverseProxy__KnownProxies", "10.0.0.1, proxy", "ReverseProxy:KnownProxies has \"proxy\". Allowed: IP addresses")]
    [InlineData(
        "ReverseProxy__KnownProxies", "10.0.0.0/8, 0.0.0.0/0", "ReverseProxy:KnownProxies has \"0.0.0.0/0\". Allowed: IP addresses")]
    [InlineData("RateLimits__ConnectionsPerClient", "0", "RateLimits:ConnectionsPerClient is 0. Allowed: 1 to 1000000")]
    [InlineData("Hsts__Enabled", "perhaps", "Hsts:Enabled is \"perhaps\". Allowed: true or false")]
    [InlineData("Development__AllowRemte", "true", "Development:AllowRemte means nothing. Allowed in Development: AllowRemote.")]
    [InlineData(
        "ForwardAuth__AllowedHosts", "app.example.com", "Portal:Address is not set, and ForwardAuth sends people there to sign in.")]
    [InlineData("ForwardAuth__AllowedHosts", "https://app.example.com",
        "ForwardAuth:AllowedHosts has \"https://app.example.com\". Allowed: host names")]
    [InlineData("Jwt__Lifetime", "02:00:00", "Jwt:Lifetime is 02:00:00. Allowed: 00:01:00 to 01:00:00.")]
    [InlineData("SignIn__SecondFactor", "Sms", "SignIn:SecondFactor is \"Sms\". Allowed: None or Code.")]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Production", "Email:Smtp:Host is not set.")]
    [InlineData("ASPNETCORE_ENVIRONMENT", "Production", "Email:From is not set.")]
    [InlineData("ConnectionStrings__Portal", "Data Source=/no/such/folder/app.db",
        "ConnectionStrings:Portal is \"Data Source=/no/such/folder/app.db\"")]
    [InlineData("ConnectionStrings__Portal", "Data Source=:memory:", "names no file")]
    [InlineData("ConnectionStrings__Portal", "Server=elsewhere", "is not a connection string of SQLite")]
    public async Task A_wrong_setting_stops_the_start_and_is_named_with_what_is_allowed(string key, string value, string expected)
    {
        var said = await FailAsync((key, value));
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_wrong_settings_are_named_at_once_when_the_start_is_refused()
    {
        var said = await FailAsync(("Otp__Login__MaxAttempts", "6"), ("Otp__FailureBudget", "101"), ("Email__Smtp__UserName", "me"));
        Assert.Contains("Otp:Login:MaxAttempts is 6. Allowed: 1 to 5.", said, StringComparison.Ordinal);
        Assert.Contains("Otp:FailureBudget is 101. Allowed: 1 to 100.", said, StringComparison.Ordinal);
        Assert.Contains("Email:Smtp:UserName and Email:Smtp:Password belong together", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named_when_the_start_is_refused_and_left_alone()
    {
        await File.WriteAllTextAsync(
            Database, "my shopping list, which is much longer than the head of a database", TestContext.Current.CancellationToken);
        Assert.Contains($"ConnectionStrings:Portal is \"Data Source={Database}\"", await FailAsync(), StringComparison.Ordinal);
        Assert.StartsWith(
            "my shopping list", await File.ReadAllTextAsync(Database, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_written_is_named_when_the_start_is_refused()
    {
        await using (var once = await PortalServer.StartAsync(("ConnectionStrings__Portal", $"Data Source={Database}")))
        {
            Assert.NotEmpty(once.Output);
        }

        var said = await FailAsync(("ConnectionStrings__Portal", $"Data Source={Database};Mode=ReadOnly"));
        Assert.Contains("cannot be used", said, StringComparison.Ordinal);
        Assert.Contains("this user may write", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_others_may_read_is_refused_in_Production_with_the_command_that_fixes_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are another thing on Windows.");
        File.Copy(Path.Combine(Repository.Root, "app.db.example"), Database);
        UnixRights.Set(Database, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        var said = await FailAsync(("ASPNETCORE_ENVIRONMENT", "Production"), ("Email__Smtp__Host", "smtp.example.com"),
            ("Email__From", "Portal <no-reply@example.com>"));
        Assert.Contains($"chmod go-rwx '{Database}'", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_when_the_start_is_refused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://{taken.LocalEndpoint}";
        Assert.Contains("address already in use", await FailAsync(("ASPNETCORE_URLS", address)), StringComparison.Ordinal);
    }

    private async Task<string> FailAsync(params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program])
        {
            WorkingDirectory = Repository.Portal,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ConnectionStrings__Portal"] = $"Data Source={Database}";
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        using var late = new CancellationTokenSource(Timeouts.Time);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(late.Token);
        var said = await process.StandardError.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);
        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("OtpPortal cannot start:", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", await output + said, StringComparison.Ordinal);
        return said;
    }
}
