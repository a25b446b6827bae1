using Bunit;
using OtpPortal.Components.Pages;
using OtpPortal.Delivery;

namespace OtpPortal.Tests.Components;

/// <summary>A message in the development inbox, as its reader would see it.</summary>
public sealed class DevMessageTests : BunitContext
{
    private const string Sms = "123456 is your code.\n\n@portal.example.com #123456";

    [Fact]
    public void A_mail_in_the_inbox_shows_its_subject_its_code_and_its_HTML_without_scripts()
    {
        var shown = Show(
            new("ann@example.com", "email", "login", "123456 & <b>", "plain <i>", "<script>alert(1)</script>", "123456", default),
                newest: true);

        Assert.Equal("123456 & <b>", shown.Find("h2").TextContent);
        Assert.Equal("123456", shown.Find("button").GetAttribute("data-copy"));
        Assert.Equal("", shown.Find("iframe").GetAttribute("sandbox"));
        Assert.Equal("<script>alert(1)</script>", shown.Find("iframe").GetAttribute("srcdoc"));
        Assert.Equal("plain <i>", shown.Find("pre").TextContent);
        Assert.Empty(shown.FindAll("script, b, i, .bubble"));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Only_the_newest_mail_of_the_inbox_is_open(bool newest, int open) =>
        Assert.Equal(
            open, Show(new("ann@example.com", "email", null, "s", "t", "h", null, default), newest).FindAll("details[open]").Count);

    [Theory]
    [InlineData("sms", "SMS")]
    [InlineData("whatsapp", "WhatsApp")]
    public void A_text_in_the_inbox_is_a_bubble_with_all_its_lines(string channel, string heading)
    {
        var shown = Show(new("+447700900123", channel, "login", "", Sms, "", "123456", default), newest: true);

        Assert.Equal(heading, shown.Find("h2").TextContent);
        Assert.Equal(Sms, shown.Find(".bubble").TextContent);
        Assert.Equal("123456", shown.Find("button").GetAttribute("data-copy"));
        Assert.Empty(shown.FindAll("iframe, details"));
    }

    [Fact]
    public void A_notice_in_the_inbox_offers_nothing_to_copy() =>
        Assert.Empty(Show(new("ann@example.com", "email", null, "Your password was changed", "t", "h", null, default), newest: true)
            .FindAll("button, code"));

    private IRenderedComponent<DevMessage> Show(CapturedMessage message, bool newest) =>
        Render<DevMessage>(parameters => parameters.Add(shown => shown.Message, message).Add(shown => shown.Newest, newest));
}
