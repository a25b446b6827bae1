using Microsoft.AspNetCore.Http;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

public sealed class BrowserBindingTests
{
    [Fact]
    public void A_browser_gets_one_verifier_and_keeps_its_binding()
    {
        var first = new DefaultHttpContext();
        var binding = BrowserBinding.Read(first);
        Assert.Equal(binding, BrowserBinding.Read(first));

        var cookie = Assert.Single(first.Response.Headers.SetCookie.Distinct())!;
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        var later = Returning(cookie.Split(';')[0]);

        Assert.Equal(binding, BrowserBinding.Read(later));
        Assert.Equal(0, later.Response.Headers.SetCookie.Count);
        Assert.DoesNotContain(binding.Challenge, cookie, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_browsers_have_two_bindings() =>
        Assert.NotEqual(BrowserBinding.Read(new DefaultHttpContext()), BrowserBinding.Read(new DefaultHttpContext()));

    [Theory]
    [InlineData("__Host-portal_browser=")]
    [InlineData("__Host-portal_browser=short")]
    public void A_verifier_that_is_too_short_to_be_secret_is_replaced(string cookie)
    {
        var context = Returning(cookie);

        BrowserBinding.Read(context);

        Assert.Single(context.Response.Headers.SetCookie);
    }

    private static DefaultHttpContext Returning(string cookie)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = cookie;
        return context;
    }
}
