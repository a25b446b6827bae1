using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Commands;
using OtpPortal.Hosting;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>The example database in the repository, and what the README says of it.</summary>
public sealed partial class ExampleDatabaseTests
{
    private static readonly string Example = Path.Combine(SourceTree.Root, "app.db.example");

    [Fact]
    public async Task The_schema_of_the_example_database_is_what_the_migrations_give()
    {
        await using var fresh = new PortalHost();
        _ = fresh.Services;
        Assert.Equal(SchemaOf(fresh.DatabasePath), SchemaOf(Example));
    }

    [Fact]
    public async Task The_example_accounts_sign_in_with_the_passwords_of_the_readme()
    {
        await using var portal = new PortalHost();
        File.Copy(Example, portal.DatabasePath);
        var signIn = portal.Services.GetRequiredService<PasswordSignIn>();
        var accounts = Account()
            .Matches(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "README.md"), TestContext.Current.CancellationToken));

        Assert.Equal(2, accounts.Count);
        foreach (Match account in accounts)
        {
            Assert.IsType<SignInOutcome.SignedIn>(await signIn.SignInAsync(
                new PasswordSignInRequest(
                    account.Groups["email"].Value, account.Groups["password"].Value, Binding.None, SessionRequest.Browser),
                TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_command_makes_an_example_database_and_overwrites_none()
    {
        var folder = Directory.CreateTempSubdirectory("otpportal-example-");
        var path = Path.Combine(folder.FullName, "made.db");
        await MakeExampleCommand.MakeAsync(path);
        Assert.Equal(SchemaOf(Example), SchemaOf(path));

        var refused = await Assert.ThrowsAsync<StartupException>(() => MakeExampleCommand.MakeAsync(path));
        Assert.Contains("does not overwrite", refused.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static List<string> SchemaOf(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT name || ': ' || sql FROM sqlite_master WHERE sql IS NOT NULL UNION SELECT MigrationId FROM __EFMigrationsHistory "
                + "ORDER BY 1";
        using var reader = command.ExecuteReader();
        var schema = new List<string>();
        while (reader.Read())
        {
            schema.Add(reader.GetString(0));
        }

        Assert.True(schema.Count > 10, "The schema was not read.");
        return schema;
    }

    [GeneratedRegex(@"^\| `(?<email>[a-z]+@example\.com)` \| `(?<password>[^`]+)` \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Account();
}
