using System.Net;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>What is good for one machine in Development is tried from elsewhere, and in Production.</summary>
public sealed class DevelopmentElsewhereTests
{
    private static readonly string Example = Path.Combine(Repository.Root, "app.db.example");

    [Fact]
    public async Task The_accounts_of_the_example_database_cannot_sign_in_in_Production()
    {
        await using var portal = PublishedPortal.Prepare(("Otp__Login__Cooldown", "00:00:00"),
            ("Otp__ForgotPassword__Cooldown", "00:00:00"));
        File.Copy(Example, portal.Database);
        UnixRights.Set(portal.Database, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await portal.RestartAsync();
        var stranger = portal.NewVisitor();
        await stranger.PostAsync("login", new { email = "ann@example.com", password = "ann likes small words" })
            .Is(HttpStatusCode.Unauthorized);
        await stranger.PostAsync("login", new { email = "bob@example.com", password = "bob likes them as well" })
            .Is(HttpStatusCode.Unauthorized);
        Assert.NotEqual("/account", (await stranger.SignInOnPagesAsync("ann@example.com", "ann likes small words")).Path);

        // Whoever reads the mail of that domain has no way in either.
        await stranger.PostAsync("login", new { email = "chi@example.com" }).Is(HttpStatusCode.Accepted);
        await portal.DrainedAsync();
        foreach (var otp in portal.CodesFor("chi@example.com"))
        {
            await stranger.PostAsync("login", new { email = "chi@example.com", otp }).Is(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_accounts_of_the_example_database_sign_in_in_Development()
    {
        await using var portal = PublishedPortal.Prepare(("ASPNETCORE_ENVIRONMENT", "Development"));
        File.Copy(Example, portal.Database);
        await portal.RestartAsync();
        await portal.NewVisitor().SignInAsync("ann@example.com", "ann likes small words");
    }

    [Theory]
    [InlineData("/dev/inbox")]
    [InlineData("/dev/inbox/messages")]
    [InlineData("/swagger/index.html")]
    public async Task The_inbox_and_Swagger_of_Development_answer_this_machine_alone(string path)
    {
        await using var portal = await PublishedPortal.StartAsync(("ASPNETCORE_ENVIRONMENT", "Development"), ("Email__Smtp__Host", ""),
            ("Email__Smtp__Port", "587"));
        await LookAsync("localhost", "").Is(HttpStatusCode.OK);
        await LookAsync(portal.Address.Authority, "").Is(HttpStatusCode.OK);
        foreach (var (host, client) in new[] { ("evil.example", ""), ("192.0.2.7", ""), ("localhost", "203.0.113.7") })
        {
            var refused = await LookAsync(host, client);
            Assert.True((int)refused.Status is >= 400 and < 500, $"{path} answered {(int)refused.Status} to {host} from {client}.");
        }

        Task<Reply> LookAsync(string host, string client) =>
            new Visitor(new HttpClient(), portal.Address) { Host = host, Client = client }.GetAsync(path);
    }

    [Theory]
    [InlineData("app.db", UnixFileMode.OtherRead)]
    [InlineData("app.db.otpkey", UnixFileMode.OtherRead)]
    [InlineData("app.db.keys", UnixFileMode.OtherRead | UnixFileMode.OtherExecute)]
    public async Task A_file_that_others_may_read_is_refused_at_start_with_the_command_that_mends_it(string name, UnixFileMode rights)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such rights.");
        await using var portal = await PublishedPortal.StartAsync();
        await portal.StopAsync();
        var file = Path.Combine(Path.GetDirectoryName(portal.Database)!, name);
        var before = UnixRights.Of(file);
        UnixRights.Set(file, before | rights);
        var said = await portal.RefusalAsync();
        Assert.Contains("chmod", said, StringComparison.Ordinal);
        Assert.Contains(file, said, StringComparison.Ordinal);

        UnixRights.Set(file, before);
        await portal.RestartAsync();
    }
}
