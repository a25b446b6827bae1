using System.Globalization;
using System.Net;
using OtpPortal.E2E.Support;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody has texts sent to numbers that are not theirs, at the portal's cost.</summary>
public sealed class CostlyTextTests(CostlyTextTests.TextingPortal shared) : IClassFixture<CostlyTextTests.TextingPortal>
{

    [Fact]
    public async Task No_registration_causes_a_text()
    {
        const string Number = "+447911123456";
        var portal = shared.Portal;
        var stranger = portal.NewVisitor();
        await stranger.PostAsync("register", new { email = "a0@example.com", password = Accounts.Password, mobile = Number,
            channel = "sms" }).Is(HttpStatusCode.BadRequest);
        for (var i = 1; i <= 10; i++)
        {
            await stranger.PostAsync("register", new { email = $"a{i}@example.com", password = Accounts.Password, mobile = Number })
                .Is(HttpStatusCode.Accepted);
        }

        await portal.DrainedAsync();
        Assert.Empty(TextsTo(Number));
    }

    [Fact]
    public async Task A_text_to_an_unproven_number_needs_the_bearer_of_an_account_that_names_it()
    {
        const string Number = "+447922123456";
        var portal = shared.Portal;
        await portal.JoinAsync("ann@example.com", mobile: Number);
        await portal.JoinAsync("eve@example.com", mobile: "+447922123999");
        var stranger = portal.NewVisitor();
        var eve = (await stranger.SignInAsync("eve@example.com"))["token"];
        foreach (var token in new[] { null, eve })
        {
            var answer = await stranger.PostAsync("send-email-otp", new { mobile = Number, purpose = "register" }, token);
            Assert.True(answer.Status is not HttpStatusCode.InternalServerError, answer.Text);
        }

        await portal.DrainedAsync();
        Assert.Empty(TextsTo(Number));

        var ann = portal.NewVisitor();
        await ann.PostAsync("send-email-otp", new { mobile = Number, purpose = "register" },
            (await ann.SignInAsync("ann@example.com"))["token"]).Is(HttpStatusCode.Accepted);
        await portal.UntilAsync(() => TextsTo(Number).Count > 0, "no text arrived");
        Assert.Single(TextsTo(Number));
    }

    [Fact]
    public async Task The_start_is_refused_without_the_countries_that_texts_may_go_to()
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = PublishedPortal.Prepare([.. Settings(twilio).Where(setting => setting.Key != "Twilio__Countries")]);
        Assert.Contains("Twilio:Countries", await portal.RefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GB", "+447700900123", "+12025550123")]
    [InlineData("+44, +49", "+447700900123", "+12025550123")]
    [InlineData("US", "+12025550123", "+447700900123")]
    public async Task Texts_go_to_the_configured_countries_only(string countries, string inside, string outside)
    {
        await using var twilio = await FakeTwilio.StartAsync();
        await using var portal = await StartAsync(twilio, ("Twilio__Countries", countries));
        foreach (var (email, mobile) in new[] { ("out@example.com", outside), ("in@example.com", inside) })
        {
            // A registration names any number: the countries decide once a text is requested.
            var visitor = portal.NewVisitor();
            await visitor.PostAsync("register", new { email, password = Accounts.Password, mobile }).Is(HttpStatusCode.Accepted);
            await visitor.PostAsync("verify-email-otp", new { email, otp = await portal.CodeForAsync(email) }).Is(HttpStatusCode.OK);
            await visitor.PostAsync("send-email-otp", new { mobile, purpose = "register" },
                (await visitor.SignInAsync(email))["token"]);
        }

        await portal.UntilAsync(() => Texts(twilio).Count > 0, "no text arrived");
        await portal.DrainedAsync();
        Assert.Equal([inside], Texts(twilio));
    }

    [Fact]
    public async Task An_unproven_number_gets_three_codes_a_day()
    {
        const string Number = "+447933123456";
        var portal = shared.Portal;
        await portal.JoinAsync("bob@example.com", mobile: Number);
        var ann = portal.NewVisitor();
        var token = (await ann.SignInAsync("bob@example.com"))["token"];
        for (var i = 0; i < 6; i++)
        {
            await ann.PostAsync("send-email-otp", new { mobile = Number, purpose = "register" }, token);
            await portal.DrainedAsync();
        }

        Assert.Equal(3, TextsTo(Number).Count);
    }

    [Fact]
    public async Task Numbers_that_begin_alike_get_twenty_codes_a_day_together()
    {
        var portal = shared.Portal;
        await Parallel.ForAsync(0, 25, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, _) =>
        {
            var email = $"chi{i}@example.com";
            var mobile = string.Create(CultureInfo.InvariantCulture, $"+447700900{100 + i}");
            await portal.JoinAsync(email, mobile: mobile);
            var ann = portal.NewVisitor();
            var token = (await ann.SignInAsync(email))["token"];
            await Prompt.AgainAsync(() => ann.PostAsync("send-email-otp", new { mobile, purpose = "register" }, token));
        });
        await portal.DrainedAsync();
        Assert.Equal(20, TextsTo("+447700900").Count);
    }

    private IReadOnlyList<string> TextsTo(string prefix) =>
        [.. Texts(shared.Twilio).Where(number => number.StartsWith(prefix, StringComparison.Ordinal))];

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

    /// <summary>
    /// One portal with texts. Each test uses a range of numbers of its own, because numbers that begin alike share a
    /// limit.
    /// </summary>
    public sealed class TextingPortal : IAsyncLifetime
    {
        internal FakeTwilio Twilio { get; private set; } = null!;

        internal PublishedPortal Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Twilio = await FakeTwilio.StartAsync();
            Portal = await CostlyTextTests.StartAsync(Twilio);
        }

        public async ValueTask DisposeAsync()
        {
            await Portal.DisposeAsync();
            await Twilio.DisposeAsync();
        }
    }
}
