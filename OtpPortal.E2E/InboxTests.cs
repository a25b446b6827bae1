using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Playwright;
using OtpPortal.E2E.Pages;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>Messages as their readers see them, and the command that tries a mail server.</summary>
public sealed class InboxTests(BrowserFixture browsers)
{
    private const string Email = "ann@example.com";

    [Fact]
    public async Task The_newest_mail_of_the_inbox_is_open_names_the_requesting_browser_and_offers_its_code_to_copy()
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await ann.Register.SubmitAsync(Email, "three small words");
        var first = (await server.MessagesAsync(Email))[0];
        Assert.Contains(" UTC from Chrome on ", first.Text, StringComparison.Ordinal);

        await ann.Inbox.OpenAsync();
        var look = InboxPage.Look(ann.Inbox.Newest);
        await Assertions.Expect(look.ContentFrame.GetByText("UTC from Chrome on")).ToBeVisibleAsync();
        await InboxPage.Copy(ann.Inbox.Newest).ClickAsync();
        await Assertions.Expect(ann.Inbox.Newest.GetByText("Copied")).ToBeVisibleAsync();
        Assert.Equal(first.Code, await ann.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));

        // Another one comes in without a reload by hand, and takes its place.
        await using var other = await ann.SecondWindowAsync();
        await other.Reset.AskAsync(Email);
        await Assertions.Expect(ann.Inbox.Messages).ToHaveCountAsync(2);
        await Assertions.Expect(InboxPage.Look(ann.Inbox.Newest)).ToBeVisibleAsync();
        await Assertions.Expect(InboxPage.Look(ann.Inbox.Messages.Last)).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_inbox_does_not_change_while_a_message_is_read()
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        await server.MessagesAsync(Email);
        await ann.Page.Clock.InstallAsync();
        await ann.Inbox.OpenAsync();
        await InboxPage.Text(ann.Inbox.Newest).ClickAsync();

        await using var other = await ann.SecondWindowAsync();
        await other.Reset.AskAsync(Email);
        await server.MessagesAsync(Email, 2);

        // The page looks for new messages every two seconds, unless something was opened or closed. A request of the test comes last.
        var asked = new ConcurrentQueue<string>();
        ann.Page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).AbsolutePath);
        await ann.Page.Clock.RunForAsync(10_000);
        await ann.Page.EvaluateAsync("fetch('/health/live').then(answer => answer.status)");
        Assert.Equal(["/health/live"], asked);

        await Assertions.Expect(ann.Inbox.Messages).ToHaveCountAsync(1);
        await ann.Inbox.OpenAsync();
        await Assertions.Expect(ann.Inbox.Messages).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task The_owner_gets_a_notice_of_wrong_codes_in_the_inbox()
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Email, "three small words");
        var wrong = await server.CodeForAsync(Email) == "000000" ? "000001" : "000000";
        for (var i = 0; i < 5; i++)
        {
            await ann.Verify.EnterInVainAsync(wrong);
            await Assertions.Expect(ann.Verify.Problem).ToBeVisibleAsync();
        }

        var notice = (await server.MessagesAsync(Email, 2))[0];

        Assert.Equal(("Wrong codes were entered for your account", null), (notice.Subject, notice.Code));
    }

    [Fact]
    public async Task The_test_mail_command_without_a_mail_server_exits_with_1_and_says_why()
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Program, "send-test-mail", "you@example.com"])
        {
            WorkingDirectory = Repository.Portal, UseShellExecute = false, RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.StartsWith("Email:Smtp:Host is not set: there is no mail server to test.", said, StringComparison.Ordinal);
    }
}
