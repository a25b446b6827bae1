using Microsoft.Playwright;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E;

/// <summary>What the verify page says of the message on its way.</summary>
public sealed class DeliveryLineTests(BrowserFixture browsers)
{
    [Theory]
    [InlineData(Equipped.Everything)]
    [InlineData(Equipped.NoJavaScript)]
    public async Task A_delivered_message_is_said_to_be_handed_over_and_when(Equipped with)
    {
        await using var server = await PortalServer.StartAsync();
        await using var ann = await Person.AtAsync(server, browsers, with);
        await ann.Register.SubmitAsync("ann@example.com", "three small words");
        await server.MessagesAsync("ann@example.com");
        if (with == Equipped.NoJavaScript)
        {
            await ann.Verify.ReloadUntilDeliveredAsync();
        }

        await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("Handed to the mail server at");
    }

    [Fact]
    public async Task A_mail_server_that_is_away_is_told_alike_for_known_and_unknown_addresses()
    {
        // Nothing listens on port 1.
        await using var server = await PortalServer.StartAsync(("Email__Smtp__Host", "127.0.0.1"), ("Email__Smtp__Port", "1"));
        await using var ann = await Person.AtAsync(server, browsers);
        await ann.Register.SubmitAsync("ann@example.com", "three small words");
        await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("The mail server does not take it yet.");
        await ann.Page.ReloadAsync();
        await Assertions.Expect(ann.Verify.Delivery).ToContainTextAsync("The mail server does not take it yet.");
        await server.SaidAsync("could not be delivered: Cannot connect to 127.0.0.1:1");

        // The portal has seen one real message fail a few times by now, and what goes nowhere fails like it.
        await using var stranger = await Person.AtAsync(server, browsers);
        await stranger.Login.WithCodeAsync("nobody@example.com");
        await Assertions.Expect(stranger.Verify.Delivery).ToContainTextAsync("The mail server does not take it yet.");
    }
}
