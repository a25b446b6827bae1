using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

public sealed class KnownProxiesTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.0/8", "10.200.3.4", true)]
    [InlineData("10.0.0.0/8", "::ffff:10.200.3.4", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.200.3.4", true)]
    [InlineData("::ffff:10.0.0.0/104", "11.0.0.1", false)]
    [InlineData("fd00::/8", "fd12:3456::1", true)]
    [InlineData("fd00::/8", "fe80::1", false)]
    [InlineData("fe80::1", "fe80::1%2", true)]
    [InlineData("::1", "127.0.0.1", false)]
    [InlineData("10.0.0.1/24", "10.0.0.200", true)]
    [InlineData(" 10.0.0.1 ,, 192.168.0.0/16 ", "192.168.7.7", true)]
    [InlineData("", "127.0.0.1", false)]
    public void A_proxy_is_known_by_its_address_or_its_network(string known, string peer, bool expected) =>
        Assert.Equal(expected, New(known).Has(IPAddress.Parse(peer)));

    [Fact]
    public void A_peer_without_an_address_is_no_known_proxy() => Assert.False(New("10.0.0.0/8").Has(null));

    [Theory]
    [InlineData("proxy")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.1/24/8")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("::ffff:0.0.0.0/96")]
    [InlineData("10.0.0.0/")]
    public void A_known_proxy_that_names_nobody_or_everybody_is_refused(string entry)
    {
        var fault = Assert.Single(
            new ReverseProxyOptionsValidator().Validate(null, new ReverseProxyOptions { KnownProxies = $"10.0.0.1, {entry}" }).Failures!);
        Assert.StartsWith($"ReverseProxy:KnownProxies has \"{entry}\". Allowed: IP addresses", fault, StringComparison.Ordinal);
    }

    private static KnownProxies New(string known)
    {
        var options = new ReverseProxyOptions { KnownProxies = known };
        Assert.True(new ReverseProxyOptionsValidator().Validate(null, options).Succeeded);
        return new KnownProxies(Options.Create(options), NullLogger<KnownProxies>.Instance);
    }
}
