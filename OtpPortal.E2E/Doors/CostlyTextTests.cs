using System.Globalization;
using System.Net;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody has texts sent to numbers that are not theirs, at the portal's cost.</summary>
public sealed class CostlyTextTests
{
    private const string Number = "+447700900123";

    [Fact]
    public async Task No_registration_causes_a_text()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio);
        var stranger = portal.NewVisitor();
        await stranger.PostAsync("register", new { email = "a0@example.com", password = Accounts.Password, mobile = Number,
            channel = "sms" }).Is(HttpStatusCode.BadRequest);
        for (var i = 1; i <= 10; i++)
        {
            await stranger.PostAsync("register", new { email = $"a{i}@example.com", password = Accounts.Password, mobile = Number })
                .Is(HttpStatusCode.Accepted);
        }

        await portal.DrainedAsync();
        Assert.Empty(Texts(twilio));
    }

    [Fact]
    public async Task A_text_to_an_unproven_number_needs_the_bearer_of_an_account_that_names_it()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio);
        await portal.JoinAsync("ann@example.com", mobile: Number);
        await portal.JoinAsync("eve@example.com", mobile: "+447700900999");
        var stranger = portal.NewVisitor();
        var eve = (await stranger.SignInAsync("eve@example.com"))["token"];
        foreach (var token in new[] { null, eve })
        {
            var answer = await stranger.PostAsync("send-email-otp", new { mobile = Number, purpose = "register" }, token);
            Assert.True(answer.Status is not HttpStatusCode.InternalServerError, answer.Text);
        }

        await portal.DrainedAsync();
        Assert.Empty(Texts(twilio));

        var ann = portal.NewVisitor();
        await ann.PostAsync("send-email-otp", new { mobile = Number, purpose = "register" },
            (await ann.SignInAsync("ann@example.com"))["token"]).Is(HttpStatusCode.Accepted);
        await portal.UntilAsync(() => Texts(twilio).Count > 0, "no text arrived");
        Assert.Equal([Number], Texts(twilio));
    }

    [Fact]
    public async Task Without_the_countries_that_texts_may_go_to_the_start_is_refused()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = PublishedPortal.Prepare([.. Settings(twilio).Where(setting => setting.Key != "Twilio__Countries")]);
        Assert.Contains("Twilio:Countries", await portal.RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GB", "+447700900123", "+12025550123")]
    [InlineData("+44, +49", "+447700900123", "+12025550123")]
    [InlineData("US", "+12025550123", "+447700900123")]
    public async Task Texts_go_to_no_other_country(string countries, string inside, string outside)
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio, ("Twilio__Countries", countries));
        foreach (var (email, mobile) in new[] { ("out@example.com", outside), ("in@example.com", inside) })
        {
            // Whether the number is refused when it is named or when a text to it is asked for is the portal's choice.
            var visitor = portal.NewVisitor();
            var registered = await visitor.PostAsync("register", new { email, password = Accounts.Password, mobile });
            if (registered.Status == HttpStatusCode.Accepted)
            {
                await visitor.PostAsync("verify-email-otp", new { email, otp = await portal.CodeForAsync(email) }).Is(HttpStatusCode.OK);
                await visitor.PostAsync("send-email-otp", new { mobile, purpose = "register" },
                    (await visitor.SignInAsync(email))["token"]);
            }
        }

        await portal.UntilAsync(() => Texts(twilio).Count > 0, "no text arrived");
        await portal.DrainedAsync();
        Assert.Equal([inside], Texts(twilio));
    }

    [Fact]
    public async Task An_unproven_number_gets_three_codes_a_day()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio);
        await portal.JoinAsync("ann@example.com", mobile: Number);
        var ann = portal.NewVisitor();
        var token = (await ann.SignInAsync("ann@example.com"))["token"];
        for (var i = 0; i < 6; i++)
        {
            await ann.PostAsync("send-email-otp", new { mobile = Number, purpose = "register" }, token);
            await portal.DrainedAsync();
        }

        Assert.Equal(3, Texts(twilio).Count);
    }

    [Fact]
    public async Task Numbers_that_begin_alike_get_twenty_codes_a_day_together()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio);
        await Parallel.ForAsync(0, 25, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            var email = $"ann{i}@example.com";
            var mobile = string.Create(CultureInfo.InvariantCulture, $"+447700900{100 + i}");
            await portal.JoinAsync(email, mobile: mobile);
            var ann = portal.NewVisitor();
            var token = (await ann.SignInAsync(email))["token"];
            await Prompt.AgainAsync(() => ann.PostAsync("send-email-otp", new { mobile, purpose = "register" }, token));
        });
        await portal.DrainedAsync();
        Assert.Equal(20, Texts(twilio).Count);
    }

    /// <summary>The numbers that texts went to. The portal may also ask whether Twilio is there.</summary>
    private static IReadOnlyList<string> Texts(FakeTwilio twilio) =>
        [.. twilio.Requests.Select(request => request.Fields.GetValueOrDefault("To")).OfType<string>()];

    private static Task<PublishedPortal> StartAsync(FakeTwilio twilio, params (string Key, string Value)[] more) =>
        PublishedPortal.StartAsync([.. Settings(twilio), .. more]);

    private static (string Key, string Value)[] Settings(FakeTwilio twilio) =>
    [
        ("Twilio__AccountSid", FakeTwilio.AccountSid),
        ("Twilio__AuthToken", FakeTwilio.AuthToken),
        ("Twilio__From", FakeTwilio.From),
        ("Twilio__BaseUrl", twilio.BaseUrl),
        ("Twilio__Countries", "GB,US"),
        ("Portal__Address", $"https://{Visitor.PublicHost}"),
        ("Otp__Register__Cooldown", "00:00:00"),
    ];
}
