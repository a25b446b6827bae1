using Microsoft.Extensions.Options;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

public sealed class ReturnUrlsTests
{
    private static readonly ReturnUrls Urls = new(
        Options.Create(new ForwardAuthOptions { AllowedHosts = "app.example.com, wiki.example.com:8443, usual.example.com:443" }));

    [Theory]
    [InlineData("/")]
    [InlineData("/account")]
    [InlineData("/account?tab=1#top")]
    [InlineData("/a//b")]
    [InlineData("/login?returnUrl=https://example.com")]
    [InlineData("/ümlaut")]
    public void A_path_of_the_portal_is_accepted_as_return_address(string url) =>
        Assert.Equal(url, Urls.Or(url, "/fallback", secure: false));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" /account")]
    [InlineData("account")]
    [InlineData("?a=b")]
    [InlineData("https://elsewhere.example")]
    [InlineData("HTTP://elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("\\\\elsewhere.example")]
    [InlineData("\\/elsewhere.example")]
    [InlineData("/\t/elsewhere.example")]
    [InlineData("/\n/elsewhere.example")]
    [InlineData("\t//elsewhere.example")]
    [InlineData("/account\r\nSet-Cookie: a=b")]
    [InlineData("/account\0")]
    [InlineData("/account\u0085")]
    [InlineData("~/account")]
    [InlineData("///elsewhere.example")]
    public void A_foreign_return_address_is_replaced_by_the_fallback(string? url) =>
        Assert.Equal("/fallback", Urls.Or(url, "/fallback", secure: false));

    [Theory]
    [InlineData("https://app.example.com")]
    [InlineData("https://APP.example.com/deep/path?a=b#c")]
    [InlineData("http://app.example.com/")]
    [InlineData("https://wiki.example.com:8443/page")]
    [InlineData("https://usual.example.com/page")]
    [InlineData("https://usual.example.com:443/page")]
    public void An_application_behind_the_portal_is_accepted_as_return_address(string url)
    {
        Assert.Equal(url, Urls.Or(url, "/fallback", secure: false));
        Assert.True(Urls.IsAllowed(url, secure: false));
    }

    [Theory]
    [InlineData("https://app.example.com:444/")]
    [InlineData("https://wiki.example.com/")]
    [InlineData("https://app.example.com.elsewhere.example/")]
    [InlineData("https://elsewhere.example/app.example.com")]
    [InlineData("https://app.example.com@elsewhere.example/")]
    [InlineData("https://someone:password@app.example.com/")]
    [InlineData("https://elsewhere.example\\@app.example.com/")]
    [InlineData("https:\\\\app.example.com/")]
    [InlineData("https:/\t/app.example.com/")]
    [InlineData("https:app.example.com")]
    [InlineData("ftp://app.example.com/")]
    [InlineData("javascript://app.example.com/%0aalert(1)")]
    [InlineData(" https://app.example.com/")]
    [InlineData("//app.example.com/")]
    [InlineData("http://usual.example.com/")]
    [InlineData("https://app.example.com%2eelsewhere.example/")]
    [InlineData("https://app.example.com\u3002elsewhere.example/")]
    [InlineData("https://app.example.com:443@elsewhere.example/")]
    public void A_return_address_that_only_looks_like_an_application_is_replaced_by_the_fallback(string url)
    {
        Assert.Equal("/fallback", Urls.Or(url, "/fallback", secure: false));
        Assert.False(Urls.IsAllowed(url, secure: false));
    }

    [Fact]
    public void A_return_address_does_not_lead_from_HTTPS_to_plain_HTTP()
    {
        // The session is not shown there, so the application would send them back, for ever.
        Assert.False(Urls.IsAllowed("http://app.example.com/", secure: true));
        Assert.Equal("/fallback", Urls.Or("http://app.example.com/", "/fallback", secure: true));
        Assert.True(Urls.IsAllowed("https://app.example.com/", secure: true));
    }

    [Fact]
    public void A_very_long_return_address_is_replaced_by_the_fallback()
    {
        Assert.Equal("/fallback", Urls.Or("/" + new string('a', 2000), "/fallback", secure: false));
        Assert.NotEqual("/fallback", Urls.Or("/" + new string('a', 1999), "/fallback", secure: false));
    }
}
