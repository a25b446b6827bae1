using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>What an administrator does for people, and to them.</summary>
public sealed class PeopleTests(BrowserFixture browsers, SharedAdministration shared) : IClassFixture<SharedAdministration>
{
    private const string Password = "three small words";

    private readonly PortalServer server = shared.Server;

    private string Ann { get; } = shared.NewEmail();

    [Theory]
    [InlineData(BrowserCapabilities.Everything)]
    [InlineData(BrowserCapabilities.NoJavaScript)]
    public async Task A_person_is_found_unlocked_signed_out_and_deleted(BrowserCapabilities with)
    {
        await using var admin = await shared.AdministratorAsync(with);
        await using var ann = await Person.AtAsync(server, browsers, with);
        await ann.JoinAsync(Ann);
        await using var elsewhere = await Person.AtAsync(server, browsers, with);

        await LockAsync(elsewhere);
        await FindAndUnlockAsync(admin);
        await elsewhere.Login.WithPasswordAsync(Ann, Password);
        await Assertions.Expect(elsewhere.Account.SignedIn).ToBeVisibleAsync();
        await EndSessionsAsync(admin, ann, elsewhere);
        await DeleteAsync(admin);

        await ann.Page.GotoAsync("/account");
        await Assertions.Expect(ann.Page).ToHaveURLAsync(Login());
        await ann.Login.WithPasswordAsync(Ann, Password);
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong email or password");
    }

    [Fact]
    public async Task A_code_that_an_administrator_sends_again_is_entered_in_the_page_that_was_left_open()
    {
        await using var admin = await shared.AdministratorAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync(Ann, Password);
        await Assertions.Expect(ann.Verify.Code).ToBeVisibleAsync();
        await server.MessagesAsync(Ann);

        await admin.People.GoAsync();
        await Assertions.Expect(admin.People.Waiting).ToContainTextAsync(Ann);
        await admin.People.Waiting.GetByRole(AriaRole.Button, new() { Name = $"Resend to {Ann}" }).ClickAsync();
        await Assertions.Expect(admin.People.Told).ToContainTextAsync("A new code was sent.");

        await ann.Verify.EnterAsync(await server.CodeForAsync(Ann, 2));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Name = "Hello, Ann" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_search_for_people_is_kept_on_the_way_back_from_a_person()
    {
        await using var admin = await shared.AdministratorAsync();
        await admin.People.OpenAsync(AdminTour.Administrator);

        await admin.Page.GoBackAsync();

        await Assertions.Expect(admin.People.Field).ToHaveValueAsync(AdminTour.Administrator);
        await Assertions.Expect(admin.People.Table).ToContainTextAsync(AdminTour.Administrator);
        await admin.Page.ReloadAsync();
        await Assertions.Expect(admin.People.Table).ToContainTextAsync(AdminTour.Administrator);
    }

    [Fact]
    public async Task The_pages_of_people_are_never_wider_than_their_window()
    {
        await using var admin = await shared.AdministratorAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        var longest = $"{new string('a', 60)}@{new string('b', 60)}.{new string('c', 60)}.example.com";
        await ann.JoinAsync(longest);
        await using var waiting = await Person.AtAsync(server, browsers);
        await waiting.Register.SubmitAsync($"b{longest[1..]}", Password);
        await Assertions.Expect(waiting.Verify.Code).ToBeVisibleAsync();

        await admin.People.OpenAsync(longest);
        await FitsAsync(admin.Page);
        await admin.People.AskAsync("Delete");
        await Assertions.Expect(admin.People.Keep).ToBeVisibleAsync();
        await FitsAsync(admin.Page);
        await admin.People.GoAsync();
        await Assertions.Expect(admin.People.Newest).ToBeVisibleAsync();
        await Assertions.Expect(admin.People.Waiting).ToBeVisibleAsync();
        await FitsAsync(admin.Page);
    }

    /// <summary>The page is measured once it is whole: before its styles came, its width is that of nothing anybody sees.</summary>
    private static async Task FitsAsync(IPage page)
    {
        await Assertions.Expect(page.Locator(":root")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete");
        foreach (var width in new[] { 320, 1280 })
        {
            await page.SetViewportSizeAsync(width, 740);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    /// <summary>Tries too many passwords, which are five on this portal; the right one is refused too.</summary>
    private async Task LockAsync(Person elsewhere)
    {
        for (var i = 0; i < 5; i++)
        {
            await elsewhere.Login.WithPasswordAsync(Ann, "three wrong words");
            await Assertions.Expect(elsewhere.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong email or password");
        }

        await elsewhere.Login.WithPasswordAsync(Ann, Password);
        await Assertions.Expect(elsewhere.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong email or password");
    }

    private async Task FindAndUnlockAsync(Person admin)
    {
        await admin.People.GoAsync();
        await Assertions.Expect(admin.People.Newest).ToContainTextAsync("locked");
        await admin.People.SearchAsync(Ann[..^4]);
        await Assertions.Expect(admin.People.Table).ToContainTextAsync("locked");
        Assert.DoesNotContain("ann", new Uri(admin.Page.Url).PathAndQuery[..30], StringComparison.Ordinal);
        await admin.People.Person(Ann).ClickAsync();
        await Assertions.Expect(admin.People.Fact("Locks")).ToContainTextAsync("Passwords until");
        await Assertions.Expect(admin.People.Activity).ToContainTextAsync("Wrong password");

        await admin.People.AskAsync("Unlock");
        await Assertions.Expect(admin.Page.GetByRole(AriaRole.Heading, new() { Name = $"Unlock {Ann}?" })).ToBeVisibleAsync();
        await admin.People.Keep.ClickAsync();
        await Assertions.Expect(admin.People.Fact("Locks")).ToContainTextAsync("Passwords until");
        await admin.People.AskAsync("Unlock");
        await admin.People.ConfirmAsync("Unlock");
        await Assertions.Expect(admin.People.Told).ToContainTextAsync("The person can try again");
        await Assertions.Expect(admin.People.Fact("Locks")).ToHaveTextAsync("None.");
    }

    /// <summary>Both browsers of the person are signed out, who can sign in again.</summary>
    private async Task EndSessionsAsync(Person admin, Person ann, Person elsewhere)
    {
        await admin.People.AskAsync("End sessions");
        await admin.People.ConfirmAsync("End sessions");
        await Assertions.Expect(admin.People.Told).ToContainTextAsync("All sessions were ended");
        foreach (var browser in new[] { ann, elsewhere })
        {
            await browser.Page.GotoAsync("/account");
            await Assertions.Expect(browser.Page).ToHaveURLAsync(Login());
        }

        await ann.Login.WithPasswordAsync(Ann, Password);
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
    }

    /// <summary>Deletes the person, and tries that again from another window and on the way back.</summary>
    private async Task DeleteAsync(Person admin)
    {
        await admin.People.AskAsync("Delete");
        await Assertions.Expect(admin.Page.GetByText("This cannot be undone.")).ToBeVisibleAsync();
        await using var window = await admin.SecondWindowAsync();
        await window.Page.GotoAsync(admin.Page.Url);
        await admin.People.ConfirmAsync("Delete");
        await Assertions.Expect(admin.People.Told).ToContainTextAsync("The account was deleted.");
        await Assertions.Expect(admin.People.Person(Ann)).ToHaveCountAsync(0);

        // The button in another window, and the way back: a clear word each.
        await window.People.ConfirmAsync("Delete");
        await Assertions.Expect(window.People.Told).ToContainTextAsync("This account no longer exists. Nothing was changed.");
        await admin.Page.GoBackAsync();
        await Assertions.Expect(admin.People.Told.Or(admin.Page.GetByRole(AriaRole.Button, new() { Name = "Delete" }))).ToBeVisibleAsync();
        await admin.People.ConfirmIfAskedAsync("Delete");
        await Assertions.Expect(admin.People.Told).ToContainTextAsync("This account no longer exists. Nothing was changed.");
    }

    private static Regex Login() => new("/login\\?", RegexOptions.None, TimeSpan.FromSeconds(1));
}
