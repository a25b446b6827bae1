using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

public sealed class DevInboxTests
{
    [Fact]
    public async Task The_inbox_keeps_the_newest_two_hundred_messages_newest_first()
    {
        var inbox = new DevInbox(new TestClock());
        var received = 0;
        inbox.Received += () => received++;

        for (var i = 0; i < 250; i++)
        {
            await inbox.SendAsync(new OutgoingMail($"otp-{i}", $"to{i}@example.com", "s", "t", "h"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(Enumerable.Range(50, 200).Reverse().Select(i => $"to{i}@example.com"), inbox.Messages.Select(message => message.To));
        Assert.Equal(250, received);
    }

    [Fact]
    public async Task The_inbox_keeps_a_text_without_subject_and_HTML_beside_the_mails()
    {
        var clock = new TestClock();
        var inbox = new DevInbox(clock);
        var text = new OutgoingText("sms", "+447700900123", "123456 is your code.\n\n@portal.example.com #123456")
        {
            Purpose = "login",
            Code = "123456",
        };

        await inbox.SendAsync(text, TestContext.Current.CancellationToken);

        var kept = new CapturedMessage("+447700900123", "sms", "login", "", text.Body, "", "123456", clock.GetUtcNow());
        Assert.Equal(kept, Assert.Single(inbox.Messages));
        Assert.Equal("sms (login)", text.ToString());
    }

    [Fact]
    public void A_captured_message_never_prints_its_content()
    {
        var message = new CapturedMessage(
            "ann@example.com", "email", "login", "123456 is your code", "123456", "123456", "123456", default);

        Assert.Equal("email login", message.ToString());
    }
}
