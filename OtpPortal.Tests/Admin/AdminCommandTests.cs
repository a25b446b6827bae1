using System.Net;
using OtpPortal.Data;
using OtpPortal.Tests.Support;
using ActivityEventKind = OtpPortal.Data.ActivityEventKind;

namespace OtpPortal.Tests.Admin;

/// <summary>What the admin command does, prints and refuses.</summary>
public sealed class AdminCommandTests : AdminCommandTest
{
    private const string Bob = "bob@example.com";

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
}
