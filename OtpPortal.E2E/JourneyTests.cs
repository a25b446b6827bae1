using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>What a person does on the first day, in browsers that have less and less.</summary>
public sealed class JourneyTests(BrowserFixture browsers, SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly PortalServer server = shared.Server;

    private string Email { get; } = shared.NewEmail();

    [Theory]
    [InlineData(BrowserCapabilities.Everything)]
    [InlineData(BrowserCapabilities.NoJavaScript)]
    [InlineData(BrowserCapabilities.NoWebSocket)]
    public async Task A_person_registers_signs_in_both_ways_and_sets_a_new_password(BrowserCapabilities with)
    {
        await using var ann = await Person.AtAsync(server, browsers, with);

        await ann.Page.GotoAsync("/");
        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "Create account" }).ClickAsync();
        await Assertions.Expect(ann.Page).ToHaveURLAsync(server.Url("/register"));
        await ann.Register.SubmitAsync(Email, "three small words");
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Heading, new() { Name = "Hello, Ann" })).ToBeVisibleAsync();

        await ann.Account.SignOutAsync();
        await ann.Login.WithPasswordAsync(Email, "three small words");
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();

        await ann.Account.SignOutAsync();
        await ann.Login.WithCodeAsync(Email);
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email, 2));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();

        await ann.Account.SignOutAsync();
        await ann.Reset.AskAsync(Email);
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email, 3));
        await ann.Reset.SetAsync("four rather small words");
        await Assertions.Expect(ann.Page).ToHaveURLAsync(server.Url("/login?reset=true"));
        Assert.Equal("Your password was changed", (await server.MessagesAsync(Email, 4))[0].Subject);

        await ann.Login.WithPasswordAsync(Email, "three small words");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong email or password");
        await ann.Login.WithPasswordAsync(Email, "four rather small words");
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();
    }
}
