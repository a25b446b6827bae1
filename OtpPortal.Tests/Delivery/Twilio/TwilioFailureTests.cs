using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>The channel against a Twilio that refuses, fails or does not answer.</summary>
public sealed class TwilioFailureTests : TwilioChannelTest
{
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
        await using var other = NewServices(("Twilio:BaseUrl", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));

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
}
