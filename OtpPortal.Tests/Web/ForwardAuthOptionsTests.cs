using Microsoft.Extensions.Options;
using OtpPortal.Delivery;
using OtpPortal.ForwardAuth;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>What could only end in a person being sent to and fro for ever, or signing in without effect, stops the start.</summary>
public sealed class ForwardAuthOptionsTests
{
    private const string Portal = "https://portal.example.com";

    [Theory]
    [InlineData(null, "", null)]
    [InlineData(null, "", "")]
    [InlineData(Portal, "app.example.com", "example.com")]
    [InlineData(Portal, "app.example.com, wiki.example.com:8443", "EXAMPLE.com")]
    [InlineData(Portal, "portal.example.com", null)]
    [InlineData("https://portal.example.com:8443/", "PORTAL.example.com:8443", "")]
    [InlineData(Portal, "", "portal.example.com")]
    [InlineData("https://example.com", "app.example.com", "example.com")]
    public void Valid_settings_of_forward_authentication_are_accepted(string? address, string hosts, string? domain) =>
        Assert.Empty(Faults(address, hosts, domain));

    [Theory]
    [InlineData("https://app.example.com", "has \"https://app.example.com\". Allowed: host names like")]
    [InlineData("app.example.com/path", "has \"app.example.com/path\". Allowed: host names like")]
    [InlineData("*.example.com", "has \"*.example.com\". Allowed: host names like")]
    [InlineData("somebody@app.example.com", "has \"somebody@app.example.com\". Allowed: host names like")]
    [InlineData("app.example.com:0x50", "has \"app.example.com:0x50\". Allowed: host names like")]
    [InlineData("app.example.com app.example.com", "has \"app.example.com app.example.com\". Allowed: host names like")]
    [InlineData("app.elsewhere.example", "has \"app.elsewhere.example\", which is not within ForwardAuth:CookieDomain \"example.com\"")]
    [InlineData("notexample.com:8443", "has \"notexample.com:8443\", which is not within ForwardAuth:CookieDomain \"example.com\"")]
    public void An_application_host_that_is_invalid_or_gets_no_session_is_named(string hosts, string expected) =>
        Assert.StartsWith(
            $"ForwardAuth:AllowedHosts {expected}", Assert.Single(Faults(Portal, hosts, "example.com")), StringComparison.Ordinal);

    [Theory]
    [InlineData("com")]
    [InlineData(".example.com")]
    [InlineData("example.com:443")]
    [InlineData("https://example.com")]
    public void An_invalid_cookie_domain_is_named(string domain) =>
        Assert.Contains($"ForwardAuth:CookieDomain is \"{domain}\". Allowed: a domain like example.com.", Faults(Portal, "", domain));

    [Fact]
    public void A_cookie_domain_that_is_not_the_portals_is_named()
    {
        var fault = Assert.Single(Faults(Portal, "app.example.org", "example.org"));
        Assert.StartsWith(
            "ForwardAuth:CookieDomain is \"example.org\", and the portal's own host portal.example.com", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_application_on_another_host_without_a_cookie_domain_is_named()
    {
        var fault = Assert.Single(Faults(Portal, "app.example.com", domain: null));
        Assert.Contains("ForwardAuth:CookieDomain is not set: it would never see the session", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_authentication_needs_the_address_of_the_portal()
    {
        var fault = Assert.Single(Faults(address: null, "app.example.com", "example.com"));
        Assert.StartsWith("Portal:Address is not set, and ForwardAuth sends people there", fault, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Faults(string? address, string hosts, string? domain)
    {
        var options = new ForwardAuthOptions { AllowedHosts = hosts, CookieDomain = domain };
        IValidateOptions<ForwardAuthOptions>[] validators =
            [new ForwardAuthOptionsValidator(), new ForwardAuthAddressValidator(Options.Create(new PortalOptions { Address = address }))];
        return validators.SelectMany(validator => validator.Validate(name: null, options).Failures ?? []);
    }
}
