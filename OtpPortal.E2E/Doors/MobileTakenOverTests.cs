using System.Net;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>A number that one account has verified, or is verifying, is named by another.</summary>
public sealed class MobileTakenOverTests
{
    private const string Number = "+447700900123";
    private const string Ann = "ann@example.com";
    private const string Bob = "bob@example.com";

    [Fact]
    public async Task A_verified_number_does_not_move_to_another_account_with_the_code_alone()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio);
        var (ann, annsToken) = await NameAsync(portal, Ann);
        await ann.PostAsync("verify-email-otp", new { mobile = Number, otp = await AskAsync(portal, twilio, ann, annsToken) }, annsToken)
            .Is(HttpStatusCode.OK);
        Assert.True(await HasVerifiedAsync(ann, annsToken));

        var (bob, bobsToken) = await NameAsync(portal, Bob);
        await bob.PostAsync("verify-email-otp", new { mobile = Number, otp = await AskAsync(portal, twilio, bob, bobsToken) }, bobsToken);
        Assert.True(await HasVerifiedAsync(ann, annsToken), "The number silently left the account that had it.");
        Assert.False(await HasVerifiedAsync(bob, bobsToken), "Two accounts have one number.");
    }

    [Fact]
    public async Task The_code_that_an_owner_enters_gives_the_number_to_no_other_account_that_named_it_since()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio);
        var (ann, annsToken) = await NameAsync(portal, Ann);
        var (eve, evesToken) = await NameAsync(portal, Bob);
        var annsCode = await AskAsync(portal, twilio, ann, annsToken);
        var evesCode = await AskAsync(portal, twilio, eve, evesToken);
        foreach (var otp in new[] { annsCode, evesCode })
        {
            await ann.PostAsync("verify-email-otp", new { mobile = Number, otp }, annsToken);
        }

        Assert.False(await HasVerifiedAsync(eve, evesToken), "The owner's own entry gave the number to another account.");
    }

    [Fact]
    public async Task A_browser_that_was_about_to_verify_a_number_can_do_nothing_with_it_once_its_session_has_ended()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio);
        var (ann, token) = await NameAsync(portal, Ann);
        var browser = portal.NewVisitor();
        await browser.SignInOnPagesAsync(Ann);
        var verify = await browser.SubmitAndFollowAsync(await browser.OpenAsync("/account"), "Verify by SMS");
        Assert.True(PageForm.Has(verify, "Verify"), verify.Text);
        await portal.UntilAsync(() => TextsOf(twilio).Count > 0, "no text arrived");
        var copy = browser.Copy("203.0.113.9");
        await browser.SubmitAsync(await browser.OpenAsync("/account"), "Sign out");

        var page = await copy.OpenAsync("/verify");
        await copy.SubmitAsync(verify, "Verify", ("Code", TextsOf(twilio)[^1].Split(' ')[0]));
        var texts = TextsOf(twilio).Count;
        await copy.SubmitAsync(verify, "Resend code");
        await portal.DrainedAsync();

        Assert.False(PageForm.Has(page, "Verify"), "The page still takes the code.");
        Assert.False(await HasVerifiedAsync(ann, token), "The number was verified without a session.");
        Assert.Equal(texts, TextsOf(twilio).Count);
    }

    private static List<string> TextsOf(FakeTwilio twilio) =>
        [.. twilio.Requests.Select(request => request.Fields.GetValueOrDefault("Body")).OfType<string>()];

    private static async Task<(Visitor Who, string Token)> NameAsync(PublishedPortal portal, string email)
    {
        await portal.JoinAsync(email, mobile: Number);
        var visitor = portal.NewVisitor();
        return (visitor, (await visitor.SignInAsync(email))["token"]);
    }

    /// <summary>Has a text sent, and reads the code in it.</summary>
    private static async Task<string> AskAsync(PublishedPortal portal, FakeTwilio twilio, Visitor who, string token)
    {
        // The portal may also ask whether Twilio is there.
        var count = TextsOf(twilio).Count;
        await who.PostAsync("send-email-otp", new { mobile = Number, purpose = "register" }, token).Is(HttpStatusCode.Accepted);
        await portal.UntilAsync(() => TextsOf(twilio).Count > count, "no text arrived");
        return TextsOf(twilio)[^1].Split(' ')[0];
    }

    private static async Task<bool> HasVerifiedAsync(Visitor who, string token) =>
        (await who.GetAsync("/api/auth/me", token).Is(HttpStatusCode.OK)).Json.GetProperty("mobileVerified").GetBoolean();

    private static Task<PublishedPortal> StartAsync(FakeTwilio twilio) => PublishedPortal.StartAsync(
        ("Twilio__AccountSid", FakeTwilio.AccountSid),
        ("Twilio__AuthToken", FakeTwilio.AuthToken),
        ("Twilio__From", FakeTwilio.From),
        ("Twilio__BaseUrl", twilio.BaseUrl),
        ("Twilio__Countries", "+44"),
        ("Portal__Address", $"https://{Visitor.PublicHost}"),
        ("Otp__Register__Cooldown", "00:00:00"));
}
