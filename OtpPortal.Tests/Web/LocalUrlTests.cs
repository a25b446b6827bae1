using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

public sealed class LocalUrlTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/account")]
    [InlineData("/account?tab=1#top")]
    [InlineData("/a//b")]
    [InlineData("/login?returnUrl=https://example.com")]
    [InlineData("/ümlaut")]
    public void A_path_of_ours_is_taken(string url) => Assert.Equal(url, LocalUrl.Or(url, "/fallback"));

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
    public void Everything_else_goes_to_the_fallback(string? url) => Assert.Equal("/fallback", LocalUrl.Or(url, "/fallback"));

    [Fact]
    public void A_path_as_long_as_a_novel_goes_to_the_fallback()
    {
        Assert.Equal("/fallback", LocalUrl.Or("/" + new string('a', 2000), "/fallback"));
        Assert.NotEqual("/fallback", LocalUrl.Or("/" + new string('a', 1999), "/fallback"));
    }
}
