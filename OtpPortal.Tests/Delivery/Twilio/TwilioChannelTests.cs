using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>The channel against a server that speaks as Twilio does, and one that does not.</summary>
public sealed class TwilioChannelTests : IAsyncLifetime
{
    private const string Number = "+447700900123";

    private const string Body = "123456 is your code & more: 100% + \"ümlaut\"\n@portal.example.com #123456";

    private static readonly OutgoingText Sms = new(Channels.Sms, Number, Body);

    private readonly TestClock clock = new();
    private FakeTwilio twilio = null!;
    private ServiceProvider services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        twilio = await FakeTwilio.StartAsync();
        services = Services();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await twilio.DisposeAsync();
    }

    [Fact]
    public async Task An_SMS_is_one_form_post_with_the_accounts_credentials()
    {
        await SendAsync(Sms);

        var request = Assert.Single(twilio.Requests);
        Assert.Equal(("POST", $"/2010-04-01/Accounts/{FakeTwilio.AccountSid}/Messages.json"), (request.Method, request.Target));
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{FakeTwilio.AccountSid}:{FakeTwilio.AuthToken}")),
            request.Authorization);
        Assert.Equal(new Dictionary<string, string> { ["To"] = Number, ["From"] = FakeTwilio.From, ["Body"] = Body }, request.Fields);
    }

    [Fact]
    public async Task A_WhatsApp_message_names_WhatsApp_for_sender_and_recipient()
    {
        await SendAsync(Sms with { Channel = Channels.WhatsApp });

        var fields = Assert.Single(twilio.Requests).Fields;
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["To"] = "whatsapp:" + Number,
                ["From"] = "whatsapp:" + FakeTwilio.WhatsAppFrom,
                ["Body"] = Body,
            }, fields);
    }

    [Fact]
    public async Task A_Messaging_Service_chooses_the_number_itself()
    {
        await using var other = Services(("Twilio:From", "MG0123456789abcdef0123456789abcdef"));

        await other.GetRequiredService<TwilioChannel>().SendAsync(Sms, Cancel);

        var fields = Assert.Single(twilio.Requests).Fields;
        Assert.Equal("MG0123456789abcdef0123456789abcdef", fields["MessagingServiceSid"]);
        Assert.DoesNotContain("From", fields.Keys);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/twilio")]
    [InlineData("/twilio/")]
    public async Task The_base_address_of_Twilio_may_have_a_path(string path)
    {
        await using var other = Services(("Twilio:BaseUrl", twilio.BaseUrl + path));

        await other.GetRequiredService<TwilioChannel>().SendAsync(Sms, Cancel);

        Assert.Equal(
            $"{path.TrimEnd('/')}/2010-04-01/Accounts/{FakeTwilio.AccountSid}/Messages.json", Assert.Single(twilio.Requests).Target);
    }

    [Theory]
    [InlineData(Channels.Sms, "Twilio:From")]
    [InlineData(Channels.WhatsApp, "Twilio:WhatsAppFrom")]
    [InlineData("email", "Twilio:Nothing")]
    public async Task A_channel_of_Twilio_that_is_not_configured_sends_nothing(string channel, string key)
    {
        await using var other = Services((key, ""));

        var failure = await Assert.ThrowsAsync<DeliveryException>(() => other.GetRequiredService<TwilioChannel>()
            .SendAsync(Sms with { Channel = channel }, Cancel));

        Assert.True(failure.IsPermanent);
        Assert.Empty(twilio.Requests);
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("0", 0)]
    [InlineData("Sun, 01 Mar 2026 12:01:30 GMT", 90)]
    [InlineData("Sun, 01 Mar 2026 11:00:00 GMT", 0)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task Too_many_requests_to_Twilio_are_transient_with_the_pause_that_it_asks_for(string? retryAfter, int? seconds)
    {
        var failure = await FailAsync(FakeTwilio.Refuse(429, 20429, retryAfter));

        Assert.False(failure.IsPermanent);
        Assert.Equal(seconds, failure.RetryAfter?.TotalSeconds);
        Assert.Equal("Twilio cannot take the message now (429, error 20429).", failure.Message);
    }

    [Theory]
    [InlineData(500, 20500)]
    [InlineData(502, 0)]
    [InlineData(503, 20503)]
    [InlineData(408, 0)]
    [InlineData(400, 21611)]
    [InlineData(400, 21730)]
    [InlineData(400, 63018)]
    public async Task A_server_error_of_Twilio_is_transient(int status, int error) =>
        Assert.False((await FailAsync(FakeTwilio.Refuse(status, error))).IsPermanent);

    [Theory]
    [InlineData(400, 21211, "Twilio refused the recipient: this is no valid number (400, error 21211).")]
    [InlineData(400, 21614, "Twilio refused the recipient: the number is not that of a mobile phone (400, error 21614).")]
    [InlineData(400, 21610, "Twilio refused the recipient: the number has unsubscribed from the portal's messages (400, error 21610).")]
    [InlineData(400, 63003, "Twilio refused the recipient: the number cannot be reached over WhatsApp (400, error 63003).")]
    [InlineData(400, 21606, "Twilio refused the sender, check Twilio:From (400, error 21606).")]
    [InlineData(400, 63007, "Twilio refused the sender, check Twilio:WhatsAppFrom (400, error 63007).")]
    [InlineData(400, 12345, "Twilio refused the message (400, error 12345).")]
    [InlineData(401, 20003, "Twilio refused the credentials, check Twilio:AccountSid and Twilio:AuthToken (401, error 20003).")]
    [InlineData(403, 20403, "Twilio refused the credentials, check Twilio:AccountSid and Twilio:AuthToken (403, error 20403).")]
    [InlineData(
        404, 20404, "Twilio does not know the account or the address, check Twilio:AccountSid and Twilio:BaseUrl (404, error 20404).")]
    [InlineData(413, 0, "Twilio refused the message (413, error 0).")]
    public async Task A_refusal_of_Twilio_is_permanent_and_says_what_to_do(int status, int error, string message)
    {
        var failure = await FailAsync(FakeTwilio.Refuse(status, error));

        Assert.True(failure.IsPermanent);
        Assert.Null(failure.RetryAfter);
        Assert.Equal(message, failure.Message);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("")]
    [InlineData("{\"code\":")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"code\": \"21211\"}")]
    [InlineData("{\"code\": 1e300}")]
    [InlineData("{\"code\": 21211.5}")]
    public async Task A_garbled_refusal_of_Twilio_goes_by_its_status(string body)
    {
        Assert.Equal("Twilio refused the message (400).", (await FailAsync(http => FakeTwilio.Write(http, 400, body))).Message);
        Assert.Equal("Twilio cannot take the message now (502).", (await FailAsync(http => FakeTwilio.Write(http, 502, body))).Message);
    }

    [Theory]
    [InlineData(60, "Twilio refused the recipient: this is no valid number (400, error 21211).")]
    [InlineData(70, "Twilio refused the message (400).")]
    public async Task A_refusal_of_Twilio_is_read_up_to_64_KiB(int kilobytes, string message)
    {
        var body = $$"""{"message": "{{new string('x', kilobytes * 1024)}}", "code": 21211}""";

        Assert.Equal(message, (await FailAsync(http => FakeTwilio.Write(http, 400, body))).Message);
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("")]
    public async Task A_message_accepted_by_Twilio_is_accepted_whatever_the_body_says(string body)
    {
        twilio.Answer = http => FakeTwilio.Write(http, 201, body, "text/html");

        await SendAsync(Sms);
    }

    [Fact]
    public async Task A_message_accepted_by_Twilio_is_accepted_even_if_the_body_never_ends()
    {
        twilio.Answer = async http =>
        {
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync("{");
            await http.Response.Body.FlushAsync();
            await FakeTwilio.Silence(http);
        };

        await SendAsync(Sms).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public async Task A_redirect_of_Twilio_is_not_followed_with_the_credentials()
    {
        var failure = await FailAsync(http =>
        {
            http.Response.Redirect(twilio.BaseUrl + "/elsewhere");
            return Task.CompletedTask;
        });

        Assert.True(failure.IsPermanent);
        Assert.Equal("This answer is not from Twilio, check Twilio:BaseUrl (302).", failure.Message);
        Assert.Single(twilio.Requests);
    }

    [Fact]
    public async Task A_broken_connection_to_Twilio_is_transient_and_the_message_is_not_sent_again_by_itself()
    {
        // On a connection that was used before, an HTTP client may try again by itself.
        await SendAsync(Sms);

        var failure = await FailAsync(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });

        Assert.False(failure.IsPermanent);
        Assert.Equal(2, twilio.Requests.Count);
    }

    [Fact]
    public async Task An_unreachable_Twilio_is_transient_and_its_address_is_named()
    {
        var port = FreePort();
        await using var other = Services(("Twilio:BaseUrl", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));

        var failure = await Assert.ThrowsAsync<DeliveryException>(() => other.GetRequiredService<TwilioChannel>().SendAsync(Sms, Cancel));

        Assert.False(failure.IsPermanent);
        Assert.StartsWith($"Cannot connect to 127.0.0.1:{port}, or the connection broke: check Twilio:BaseUrl", failure.Message,
            StringComparison.Ordinal);
        AssertKeepsSecrets(failure.ToString());
    }

    [Fact]
    public async Task A_silent_Twilio_is_left_when_the_callers_time_is_over()
    {
        twilio.Answer = FakeTwilio.Silence;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), clock);

        var sending = services.GetRequiredService<TwilioChannel>().SendAsync(Sms, timeout.Token);
        await twilio.ArrivedAsync(Cancel);
        Assert.False(sending.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task An_endless_refusal_of_Twilio_is_left_when_the_callers_time_is_over()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        twilio.Answer = async http =>
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync("{\"code\":");
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await FakeTwilio.Silence(http);
        };
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), clock);

        var sending = services.GetRequiredService<TwilioChannel>().SendAsync(Sms, timeout.Token);
        await begun.Task.WaitAsync(Cancel);
        clock.Advance(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task A_caller_without_time_left_asks_nothing_of_Twilio()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => services.GetRequiredService<TwilioChannel>()
            .SendAsync(Sms, new CancellationToken(canceled: true)));

        Assert.Empty(twilio.Requests);
    }

    [Fact]
    public async Task A_waiting_message_to_Twilio_does_not_hold_up_the_others()
    {
        twilio.Answer = http => http.Request.Form["To"] == Number ? FakeTwilio.Silence(http) : FakeTwilio.Accept(http);
        using var stop = new CancellationTokenSource();
        var waiting = services.GetRequiredService<TwilioChannel>().SendAsync(Sms, stop.Token);
        await twilio.ArrivedAsync(Cancel);

        await Task.WhenAll(Enumerable.Range(0, 20)
            .Select(i => SendAsync(Sms with { To = string.Create(CultureInfo.InvariantCulture, $"+4915100000{i:00}") })));

        Assert.False(waiting.IsCompleted);
        Assert.Equal(21, twilio.Requests.Select(request => request.Fields["To"]).Distinct().Count());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void A_text_message_never_prints_its_content() => Assert.Equal("sms", Sms.ToString());

    [Fact]
    public async Task The_portal_registers_the_channels_of_Twilio()
    {
        await using var portal = new PortalHost();
        foreach (var (key, value) in twilio.Settings)
        {
            portal.With(key, value!);
        }

        await portal.Services.GetRequiredService<TwilioChannel>().SendAsync(Sms, Cancel);

        Assert.Single(twilio.Requests);
    }

    [Fact]
    public async Task An_incomplete_Twilio_and_a_misspelt_key_stop_the_start()
    {
        await using var half = Services(("Twilio:AuthToken", ""));
        await using var misspelt = Services(("Twilio:AuthTokn", "x"));

        Assert.Contains("Twilio:AuthToken is not set",
            Assert.Throws<OptionsValidationException>(half.GetRequiredService<IStartupValidator>().Validate).Message,
                StringComparison.Ordinal);
        Assert.StartsWith(
            "Twilio:AuthTokn means nothing. Allowed in Twilio: AccountSid, AuthToken, From, WhatsAppFrom, BaseUrl, Countries, TextsPerDay.",
            Assert.Throws<StartupException>(misspelt.CheckConfiguration).Message,
            StringComparison.Ordinal);
    }

    private static void AssertKeepsSecrets(string said)
    {
        Assert.DoesNotContain(Number[1..], said, StringComparison.Ordinal);
        Assert.DoesNotContain("123456", said, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeTwilio.AuthToken, said, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<DeliveryException> FailAsync(Func<HttpContext, Task> answer)
    {
        twilio.Answer = answer;
        var failure = await Assert.ThrowsAsync<DeliveryException>(() => SendAsync(Sms));
        AssertKeepsSecrets(failure.ToString());
        return failure;
    }

    private Task SendAsync(OutgoingText message) => services.GetRequiredService<TwilioChannel>().SendAsync(message, Cancel);

    private ServiceProvider Services(params (string Key, string Value)[] changes)
    {
        var settings = twilio.Settings.Concat(changes.Select(change => KeyValuePair.Create(change.Key, (string?)change.Value)));
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(
                new ConfigurationBuilder().AddInMemoryCollection(settings.Reverse().DistinctBy(setting => setting.Key)).Build())
            .AddSingleton<IHostEnvironment>(new AnEnvironment("Production"))
            .AddSingleton<TimeProvider>(clock)
            .AddTwilio()
            .BuildServiceProvider();
    }
}

internal sealed class AnEnvironment(string name) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = name;

    public string ApplicationName { get; set; } = "OtpPortal";

    public string ContentRootPath { get; set; } = "";

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
