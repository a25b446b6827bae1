using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>Codes by SMS, captured by the inbox: in Development a sender is enough.</summary>
public sealed class PhoneTests(BrowserFixture browsers)
{
    private const string Email = "ann@example.com";
    private const string Mobile = "+447700900123";

    [Fact]
    public async Task A_person_verifies_a_mobile_signs_in_by_SMS_and_resets_the_password_by_SMS()
    {
        await using var server = await PortalServer.StartAsync(
            ("Twilio__From", "+15005550006"), ("Twilio__Countries", "GB"), ("Portal__Address", "https://portal.example.com"));
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.FillAsync(Email, "three small words");
        await ann.Register.Mobile.FillAsync("+44 7700 900123");
        await ann.Register.Submit.ClickAsync();
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email));

        await ann.Account.VerifyBySms.ClickAsync();
        await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("SMS is being delivered normally.");
        var sms = (await server.MessagesAsync(Mobile))[0];
        Assert.EndsWith($"\n@portal.example.com #{sms.Code}", sms.Text, StringComparison.Ordinal);
        await ann.Verify.EnterAsync(sms.Code!);
        await Assertions.Expect(ann.Account.VerifyBySms).ToBeHiddenAsync();
        await Assertions.Expect(ann.Page.GetByText("verified")).ToHaveCountAsync(2);

        await ann.Account.SignOutAsync();
        await ann.Page.GotoAsync("/login");
        await ann.Login.Email.FillAsync(Email);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Text me a code to +44 ••• 123" }).ClickAsync();
        await ann.Verify.EnterAsync(await server.CodeForAsync(Mobile, 2));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();

        await ann.Account.SignOutAsync();
        await ann.Page.GotoAsync("/forgot-password");
        await ann.Reset.Email.FillAsync(Email);
        await ann.Page.GetByRole(AriaRole.Button, new() { Name = "Text me a code" }).ClickAsync();
        await ann.Verify.EnterAsync(await server.CodeForAsync(Mobile, 3));
        await ann.Reset.SetAsync("four rather small words");
        await Assertions.Expect(ann.Page).ToHaveURLAsync(server.Url("/login?reset=true"));
    }

    [Fact]
    public async Task An_unverified_mobile_gets_no_text_and_a_stranger_sees_no_number()
    {
        await using var server = await PortalServer.StartAsync(("Twilio__From", "+15005550006"), ("Twilio__Countries", "GB"));
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.FillAsync(Email, "three small words");
        await ann.Register.Mobile.FillAsync(Mobile);
        await ann.Register.Submit.ClickAsync();
        await ann.Verify.EnterAsync(await server.CodeForAsync(Email));
        await Assertions.Expect(ann.Account.SignedIn).ToBeVisibleAsync();

        await using var stranger = await Person.AtAsync(server, browsers);
        var seen = new List<string>();
        foreach (var email in new[] { Email, "nobody@example.com" })
        {
            await stranger.Page.GotoAsync("/login");
            await stranger.Login.Email.FillAsync(email);
            await stranger.Page.GetByRole(AriaRole.Button, new() { Name = "Text me a code", Exact = true }).ClickAsync();
            await Assertions.Expect(stranger.Verify.Delivery).ToContainTextAsync("SMS is being delivered normally.");
            seen.Add(await stranger.Page.Locator("main .lead").InnerTextAsync());
        }

        Assert.Equal(
            seen[0].Replace(Email, "…", StringComparison.Ordinal),
            seen[1].Replace("nobody@example.com", "…", StringComparison.Ordinal));
        Assert.DoesNotContain("123", seen[0], StringComparison.Ordinal);
        Assert.Single(await server.MessagesAsync(Email));
    }

    [Fact]
    public async Task Codes_by_SMS_are_not_offered_where_no_sender_is_configured()
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers);
        foreach (var page in new[] { "/login", "/forgot-password" })
        {
            await ann.Page.GotoAsync(page);
            await Assertions.Expect(ann.Page.GetByRole(AriaRole.Button, new() { Name = "Text me a code" })).ToHaveCountAsync(0);
        }
    }
}
