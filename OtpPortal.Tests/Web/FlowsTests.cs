using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using OtpPortal.Accounts;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

public sealed class FlowsTests
{
    private static readonly Flow Whole = new("ann@example.com", CodeUse.ResetPassword)
    {
        ReturnUrl = "/account",
        LoginToken = "the login token",
        ResetTicket = "the ticket",
    };

    private readonly Flows flows = new(new EphemeralDataProtectionProvider());

    [Fact]
    public void A_flow_is_read_back_complete() => Assert.Equal(Whole, flows.Unprotect(flows.Protect(Whole)));

    [Fact]
    public void A_protected_flow_reveals_nothing_of_its_content()
    {
        var text = flows.Protect(Whole);

        Assert.DoesNotContain("ann", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ticket", Whole.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ann", Whole.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_return_address_of_a_flow_fits_into_a_cookie() =>
        Assert.InRange(flows.Protect(Whole with { ReturnUrl = "/account?".PadRight(2000, '&') }).Length, 2000, 4000);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("garbage")]
    [InlineData("CfDJ8garbage")]
    [InlineData("%%%\u0001ü")]
    [InlineData("{\"Address\":\"ann@example.com\"}")]
    public void Text_that_is_not_protected_by_the_portal_is_no_flow(string? text) => Assert.Null(flows.Unprotect(text));

    [Fact]
    public void A_flow_of_an_earlier_version_is_no_flow()
    {
        var provider = new EphemeralDataProtectionProvider();
        var text = provider.CreateProtector("OtpPortal.Flow").ToTimeLimitedDataProtector()
            .Protect("""{"Email":"ann@example.com","Purpose":1,"Channel":"email"}""", TimeSpan.FromDays(1));

        Assert.Null(new Flows(provider).Unprotect(text));
    }

    [Fact]
    public void Tampered_text_is_no_flow()
    {
        var text = flows.Protect(Whole);

        for (var i = 0; i < text.Length; i += 7)
        {
            var other = text[i] == 'A' ? 'B' : 'A';
            Assert.Null(flows.Unprotect($"{text[..i]}{other}{text[(i + 1)..]}"));
        }

        Assert.Null(flows.Unprotect(text[..^4]));
    }

    [Fact]
    public void A_portal_with_other_keys_cannot_read_a_flow() =>
        Assert.Null(new Flows(new EphemeralDataProtectionProvider()).Unprotect(flows.Protect(Whole)));

    [Fact]
    public void A_flow_is_kept_in_a_cookie_that_no_script_reads()
    {
        var asked = new DefaultHttpContext();
        flows.Begin(asked, Whole);

        var cookie = Assert.Single(asked.Response.Headers.SetCookie)!;
        Assert.Contains("; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        var later = new DefaultHttpContext();
        later.Request.Headers.Cookie = cookie.Split(';')[0];
        Assert.Equal(Whole, flows.Read(later));
        Assert.Null(flows.Read(new DefaultHttpContext()));
    }

    [Fact]
    public void A_flow_that_ended_is_taken_from_the_browser()
    {
        var context = new DefaultHttpContext();

        flows.End(context);

        Assert.StartsWith(
            "__Host-portal_flow=; expires=Thu, 01 Jan 1970", Assert.Single(context.Response.Headers.SetCookie), StringComparison.Ordinal);
    }
}
