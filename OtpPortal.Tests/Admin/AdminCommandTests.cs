using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Commands;
using OtpPortal.Data;
using OtpPortal.Tests.Support;
using ActivityEventKind = OtpPortal.Data.ActivityEventKind;

namespace OtpPortal.Tests.Admin;

/// <summary><c>admin grant</c>, <c>revoke</c> and <c>list</c>, as a process of its own beside a portal that runs.</summary>
public sealed class AdminCommandTests : IAsyncLifetime
{
    private const string Admin = AdminHost.Administrator;
    private const string Ann = "ann@example.com";
    private const string Bob = "bob@example.com";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-admin-");
    private AdminHost host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await AdminHost.StartAsync();
        await host.Api.VerifiedAsync(Ann);
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_admin_command_grants_and_revokes_the_role_beside_a_running_portal()
    {
        using var browser = await host.BrowserAsync(Ann);
        var token = (await host.Api.LoginAsync(Ann)).Of("token");
        host.Portal.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/admin/people")).Status);
        (await host.Api.GetAsync("/api/admin/otp-stats", token)).Is(HttpStatusCode.Forbidden);

        // Typed as people type.
        Assert.Equal((0, "ann@example.com is now an administrator. People who are signed in do not have to sign in again.\n"),
            await RunAsync("grant", " Ann@Example.com"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/admin/people")).Status);
        (await host.Api.GetAsync("/api/admin/otp-stats", token)).Is(HttpStatusCode.OK);
        Assert.Equal((0, "ann@example.com is already an administrator. Nothing was changed.\n"), await RunAsync("grant", Ann));

        Assert.Equal(
            (0, "ann@example.com is no longer an administrator. Open pages and API sessions lose access too.\n"),
            await RunAsync("revoke", Ann));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/admin/people")).Status);
        (await host.Api.GetAsync("/api/admin/otp-stats", token)).Is(HttpStatusCode.Forbidden);
        Assert.Equal((0, "ann@example.com is not an administrator. Nothing was changed.\n"), await RunAsync("revoke", Ann));

        Assert.Equal(
            [(ActivityEventKind.AdminGranted, "by the command line"), (ActivityEventKind.AdminRevoked, "by the command line")],
            (await host.NotedAsync(Ann)).Where(noted => noted.Kind is ActivityEventKind.AdminGranted or ActivityEventKind.AdminRevoked)
                .Select(noted => (noted.Kind, noted.Detail)));
    }

    [Fact]
    public async Task The_admin_command_needs_no_mail_server_and_no_running_portal()
    {
        var example = Path.Combine(folder.FullName, "app.db");
        await MakeExampleCommand.MakeAsync(example);

        Assert.Equal((0, "ann@example.com is now an administrator. People who are signed in do not have to sign in again.\n"),
            await RunAsync(example, "Production", ["grant", Ann]));
        Assert.Equal((0, "ann@example.com   last sign-in: never\n"), await RunAsync(example, "Production", ["list"]));
        Assert.Equal([example], Directory.GetFileSystemEntries(folder.FullName));
    }

    [Fact]
    public async Task The_list_of_administrators_has_their_last_sign_in_and_names_the_configured_ones()
    {
        await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);

        Assert.Equal(
            (0, "admin@example.com   last sign-in: 2026-03-01 12:00 UTC   listed in Admin:Emails\nann@example.com     last sign-in: "
                + "never\n"),
            await RunAsync("list", "--Admin:Emails", Admin));
    }

    [Fact]
    public async Task The_admin_command_grants_nothing_to_an_unverified_address()
    {
        await host.RegisteredAsync(Bob);

        Assert.Equal(
            (1, "The account of bob@example.com is not verified: the code that was sent to it was never entered. Ask the owner to enter "
                + "it, then grant the role.\n"), await SayAsync("grant", Bob));
        Assert.Equal(
            (1, "There is no account with the address nobody@example.com. Check it, or ask the owner to register, then grant the role.\n"),
                await SayAsync("grant", "nobody@example.com"));
        Assert.Equal((1, "There is no account with the address nobody@example.com. Check it: \"admin list\" shows all administrators.\n"),
            await SayAsync("revoke", "nobody@example.com"));

        Assert.Null(await host.AccountAsync(Bob));
    }

    [Fact]
    public async Task The_last_administrator_is_kept_unless_the_command_is_forced()
    {
        Assert.Equal(
            (1, "admin@example.com is the last administrator. Grant the role to somebody else first, or run: admin revoke "
                + "admin@example.com --last\n"), await SayAsync("revoke", Admin));
        Assert.True((await host.AccountAsync(Admin))!.IsAdmin);

        // The switch may stand anywhere, and swallows no key of the configuration.
        var (code, said) = await RunAsync("revoke", "--last", Admin);

        Assert.Equal((0, "admin@example.com is no longer an administrator. Open pages and API sessions lose access too.\n"), (code, said));
        Assert.Equal((0, "There is no administrator. Run: admin grant you@example.com\n"), await SayAsync("list"));
    }

    [Fact]
    public async Task The_admin_command_warns_that_a_configured_administrator_is_granted_the_role_again()
    {
        await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);

        var (code, said) = await SayAsync("revoke", Admin);

        Assert.Equal(0, code);
        Assert.EndsWith(
            "But Admin:Emails lists admin@example.com, which grants the role again at the next sign-in. Remove it there, and restart the "
                + "portal.\n", said, StringComparison.Ordinal);
        await host.Api.LoginAsync(Admin);
        Assert.True((await host.AccountAsync(Admin))!.IsAdmin);
    }

    [Theory]
    [InlineData]
    [InlineData("grant")]
    [InlineData("revoke")]
    [InlineData("make", Ann)]
    [InlineData("grant", Ann, Admin)]
    [InlineData("grant", Ann, "--last")]
    [InlineData("revoke", Ann, "--lst")]
    [InlineData("list", "all")]
    public async Task A_wrong_admin_command_prints_its_usage(params string[] arguments)
    {
        var (code, said) = await SayAsync(arguments);

        Assert.Equal(1, code);
        Assert.StartsWith("Write one of:\n  admin grant you@example.com", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_admin_command_names_an_invalid_address() =>
        Assert.Equal((1, "\"ann\" is not an email address. This address has no @. An address looks like ann@example.com.\n"),
            await SayAsync("grant", "ann"));

    [Fact]
    public async Task The_admin_command_names_a_wrong_configuration_as_the_portal_does()
    {
        var (code, said) = await RunAsync("list", "--Admin:Email", Ann);

        Assert.Equal(1, code);
        Assert.Contains("Admin:Email means nothing. Allowed in Admin: Emails.", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_admin_command_does_not_make_a_missing_database()
    {
        var missing = Path.Combine(folder.FullName, "app.db");

        Assert.Equal((1, $"There is no database at {missing}. Check ConnectionStrings:Portal, or start the portal: it makes one.\n"),
            await RunAsync(missing, "Development", ["grant", Ann]));

        Assert.Empty(folder.GetFileSystemInfos());
    }

    [Theory]
    [InlineData("DELETE FROM __EFMigrationsHistory WHERE MigrationId = (SELECT MAX(MigrationId) FROM __EFMigrationsHistory)",
        "belongs to an earlier version of this program, or to none. Start the portal once")]
    [InlineData("DROP TABLE __EFMigrationsHistory", "belongs to an earlier version of this program, or to none.")]
    [InlineData("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Later', '10.0.0')",
        "belongs to a later version of this program. Use that one.")]
    public async Task The_admin_command_leaves_a_database_of_another_version_alone(string change, string expected)
    {
        var other = Path.Combine(folder.FullName, "app.db");
        await MakeExampleCommand.MakeAsync(other);
        await using (var connection = new SqliteConnection($"Data Source={other};Pooling=false"))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written above.
            command.CommandText = change;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Cancel);
        }

        var before = await File.ReadAllBytesAsync(other, Cancel);
        var (code, said) = await RunAsync(other, "Development", ["grant", Ann]);

        Assert.Equal(1, code);
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(other, Cancel));
    }

    [Fact]
    public async Task The_admin_command_names_a_file_that_is_no_database_and_leaves_it_alone()
    {
        var list = Path.Combine(folder.FullName, "list.txt");
        await File.WriteAllTextAsync(list, new string('x', 5000), Cancel);

        var (code, said) = await RunAsync(list, "Development", ["list"]);

        Assert.Equal(1, code);
        Assert.StartsWith($"The database {list} cannot be used:", said, StringComparison.Ordinal);
        Assert.Equal(5000, new FileInfo(list).Length);
    }

    [Fact]
    public async Task Two_portals_that_revoke_the_last_two_administrators_at_once_leave_one()
    {
        await using var other = new PortalHost { Database = host.Portal.DatabasePath };
        await other.StartAsync();
        var programs = new[] { host.Administrators,
            Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Administrators>(other.Services) };
        for (var round = 0; round < 30; round++)
        {
            await host.Administrators.GrantAsync(EmailAddress.FromStored(Admin), "a test", Cancel);
            await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);
            using var start = new Barrier(2);

            var outcomes = await Task.WhenAll(programs.Zip([Admin, Ann], (program, email) => Task.Run(
                () =>
                {
                    start.SignalAndWait(Cancel);
                    return program.RevokeAsync(EmailAddress.FromStored(email), evenTheLast: false, "a test", Cancel);
                },
                Cancel)));

            Assert.Equal([RevokeOutcome.Revoked, RevokeOutcome.Last], outcomes.Order());
            Assert.Equal(1, await host.Portal.ReadAsync(db => db.Users.CountAsync(user => user.IsAdmin, Cancel)));
        }
    }

    [Fact]
    public async Task Two_commands_that_revoke_the_last_two_administrators_at_once_leave_one()
    {
        await host.Administrators.GrantAsync(EmailAddress.FromStored(Ann), "a test", Cancel);

        var answers = await Task.WhenAll(RunAsync("revoke", Admin), RunAsync("revoke", Ann));

        Assert.Equal([0, 1], answers.Select(answer => answer.Code).Order());
        Assert.Single(answers, answer => answer.Said.Contains("is the last administrator", StringComparison.Ordinal));
        Assert.Equal(1, await host.Portal.ReadAsync(db => db.Users.CountAsync(user => user.IsAdmin, Cancel)));
    }

    /// <summary>In this process, with the configuration of the portal that runs.</summary>
    private async Task<(int Code, string Said)> SayAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        return (await AdminCommand.RunAsync(host.Portal.Services, arguments, output), output.ToString());
    }

    private Task<(int Code, string Said)> RunAsync(params string[] arguments) =>
        RunAsync(host.Portal.DatabasePath, "Development", arguments);

    private static async Task<(int Code, string Said)> RunAsync(string database, string environment, string[] arguments)
    {
        var program = Path.Combine(SourceTree.Root, "OtpPortal",
            Path.GetRelativePath(Path.Combine(SourceTree.Root, "OtpPortal.Tests"), AppContext.BaseDirectory), "OtpPortal.dll");
        var start = new ProcessStartInfo(
            "dotnet", [program, AdminCommand.Command, .. arguments, "--ConnectionStrings:Portal", $"Data Source={database}"])
        {
            WorkingDirectory = Path.Combine(SourceTree.Root, "OtpPortal"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, string.Concat(said).ReplaceLineEndings("\n"));
    }
}
