using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>What the verify page says of delivery: the state of the channel as a whole, which is the same for everybody.</summary>
public sealed class DeliveryLineTests(BrowserFixture browsers)
{
    [Theory]
    [InlineData(BrowserCapabilities.Everything)]
    [InlineData(BrowserCapabilities.NoJavaScript)]
    public async Task A_mail_server_that_answers_is_said_to_deliver_normally_to_known_and_unknown_addresses(BrowserCapabilities with)
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers, with);
        await ann.Register.SubmitAsync("ann@example.com", "three small words");
        await ann.Verify.ReloadUntilAsync("Mail is being delivered normally.", with);

        await using var stranger = await Person.AtAsync(server, browsers, with);
        await stranger.Login.WithCodeAsync("nobody@example.com");
        await Assertions.Expect(stranger.Verify.Delivery).ToHaveTextAsync("Mail is being delivered normally.");
    }

    [Fact]
    public async Task A_mail_server_that_is_away_is_told_alike_for_known_and_unknown_addresses()
    {
        // Nothing listens on port 1.
        await using var server = await PortalServer.StartAsync(("Email__Smtp__Host", "127.0.0.1"), ("Email__Smtp__Port", "1"));

        // The first that is ever asked for is for nobody: no message is tried, and the line tells of the server all the same.
        await using var stranger = await Person.AtAsync(server, browsers);
        await stranger.Login.WithCodeAsync("nobody@example.com");
        await Assertions.Expect(stranger.Verify.Delivery).ToContainTextAsync("The mail server cannot be reached at the moment.");

        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync("ann@example.com", "three small words");
        await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("The mail server cannot be reached at the moment.");
        await server.SaidAsync("could not be delivered: Cannot connect to 127.0.0.1:1");
        await ann.Page.ReloadAsync();
        await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("The mail server cannot be reached at the moment.");
    }
}
