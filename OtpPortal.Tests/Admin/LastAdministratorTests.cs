using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Admin;

/// <summary>An administrator's role that is revoked: the last one, one that is configured, and the last two at once.</summary>
public sealed class LastAdministratorTests : AdminCommandTest
{
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
}
