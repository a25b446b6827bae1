using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Commands;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>The accounts whose passwords stand in the README.</summary>
public sealed class ExampleAccountsTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-example-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    [InlineData("Staging", false)]
    public async Task The_accounts_of_the_example_database_may_not_sign_in_outside_Development(string environment, bool expected)
    {
        await using var portal = new PortalHost { Environment = environment };
        var rule = portal.Services.GetRequiredService<ExampleAccounts>();

        // Those of the file in the repository, and those of one that is made anew.
        var copy = Path.Combine(folder.FullName, "copy.db");
        File.Copy(Path.Combine(SourceTree.Root, "app.db.example"), copy);
        foreach (var path in new[] { copy, await MakeExampleCommand.MakeAsync(Path.Combine(folder.FullName, "made.db")) })
        {
            await using var db = new PortalDbContext(
                new DbContextOptionsBuilder<PortalDbContext>().UseSqlite($"Data Source={path}").Options);
            var users = await db.Users.ToListAsync(Cancel);
            Assert.Equal(3, users.Count);
            Assert.All(users, user => Assert.Equal(expected, rule.MaySignIn(user)));

            // Not even under another address.
            users[0].Email = "boss@example.org";
            Assert.Equal(expected, rule.MaySignIn(users[0]));
        }

        Assert.True(rule.MaySignIn(new PortalUser { Email = "ann@example.com" }));
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public async Task A_session_of_an_example_account_goes_on_in_Development_and_nowhere_else(string environment, bool expected)
    {
        await using var portal = new PortalHost { Environment = environment };
        var token = await portal.Lane.RunAsync(
            async db =>
            {
                var user = new PortalUser { Id = ExampleAccounts.Ann, Email = "ann@example.com", NormalizedEmail = "ann@example.com" };
                db.Users.Add(user);
                await db.SaveChangesAsync(Cancel);
                return (await portal.Services.GetRequiredService<Sessions>()
                    .BeginAsync(db, user, new SessionRequest(SessionKind.Api), Sessions.Password)).RefreshToken!;
            },
            Cancel);

        Assert.Equal(expected, await portal.Services.GetRequiredService<RefreshTokens>().RotateAsync(token, Cancel) is not null);
    }
}
