using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

public sealed class BrowserFamilyTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36",
        "Chrome on Android")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        "Chrome on ChromeOS")]
    [InlineData(
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "Edge on Windows")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0",
            "Opera on Windows")]
    [InlineData(
        "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile "
            + "Safari/537.36", "Samsung Internet on Android")]
    [InlineData(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 "
            + "Safari/604.1", "Safari on iPhone")]
    [InlineData(
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 "
            + "Safari/604.1", "Chrome on iPad")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        "Safari on Mac")]
    [InlineData("Firefox/1", "Firefox")]
    [InlineData("curl/8.5.0", BrowserFamily.Unknown)]
    [InlineData("python-requests/2.32 (Linux)", BrowserFamily.Unknown)]
    [InlineData("", BrowserFamily.Unknown)]
    [InlineData(null, BrowserFamily.Unknown)]
    public void A_user_agent_is_reduced_to_its_browser_family(string? userAgent, string family) =>
        Assert.Equal(family, BrowserFamily.Of(userAgent));

    [Fact]
    public void A_browser_family_has_no_text_of_a_stranger()
    {
        var family = BrowserFamily.Of("Firefox/128 <b>call +44 7700 900123</b> on Windows \r\nBcc: all@example.com {{code}}");

        Assert.Equal("Firefox on Windows", family);
    }
}
