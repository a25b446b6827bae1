using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

public sealed class ClientLimitsTests
{
    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::1%1", "fe80::2%2")]
    public void Addresses_of_one_client_share_its_limits(string one, string same) =>
        Assert.Equal(ClientLimits.ClientOf(IPAddress.Parse(one)), ClientLimits.ClientOf(IPAddress.Parse(same)));

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.8")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1")]
    [InlineData("127.0.0.1", "::1")]
    [InlineData("::ffff:203.0.113.7", "::ffff:203.0.113.8")]
    public void Addresses_of_two_clients_have_limits_of_their_own(string one, string other) =>
        Assert.NotEqual(ClientLimits.ClientOf(IPAddress.Parse(one)), ClientLimits.ClientOf(IPAddress.Parse(other)));

    [Fact]
    public void A_connection_without_an_address_counts_as_one_client() => Assert.Equal("", ClientLimits.ClientOf(null));

    [Fact]
    public void A_client_has_ten_sends_and_thirty_attempts_a_minute_and_is_told_how_long_to_wait()
    {
        using var limits = New(new RateLimitOptions());
        var client = From("203.0.113.7");

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(limits.CountSend(client)));
        var wait = Assert.NotNull(limits.CountSend(client));
        Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));

        // Of the two counts neither costs the other anything, and another client has both.
        Assert.All(Enumerable.Range(0, 30), _ => Assert.Null(limits.CountVerification(client)));
        Assert.NotNull(limits.CountVerification(client));
        Assert.Null(limits.CountSend(From("203.0.113.8")));
    }

    [Fact]
    public void An_IPv6_client_gains_nothing_by_moving_within_its_network()
    {
        using var limits = New(new RateLimitOptions { SendsPerMinute = 2 });

        Assert.Null(limits.CountSend(From("2001:db8::1")));
        Assert.Null(limits.CountSend(From("2001:db8::2")));
        Assert.NotNull(limits.CountSend(From("2001:db8::3")));
    }

    [Fact]
    public void Disabled_client_limits_refuse_nothing()
    {
        using var limits = New(new RateLimitOptions { Enabled = false, SendsPerMinute = 1 });

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(limits.CountSend(From("203.0.113.7"))));
    }

    [Theory]
    [InlineData(0, 30, "RateLimits:SendsPerMinute is 0. Allowed: 1 to 1000000")]
    [InlineData(10, -1, "RateLimits:VerificationsPerMinute is -1. Allowed: 1 to 1000000")]
    [InlineData(1_000_001, 30, "RateLimits:SendsPerMinute is 1000001. Allowed: 1 to 1000000")]
    [InlineData(10, 30, "RateLimits:ConnectionsPerClient is 0. Allowed: 1 to 1000000", 0)]
    [InlineData(10, 30, "RateLimits:Connections is 0. Allowed: 1 to 1000000", 50, 0)]
    public void A_client_limit_that_lets_nobody_in_is_refused(
        int sends, int verifications, string fault, int perClient = 50, int connections = 1000)
    {
        var options = new RateLimitOptions
        {
            SendsPerMinute = sends,
            VerificationsPerMinute = verifications,
            ConnectionsPerClient = perClient,
            Connections = connections,
        };

        Assert.StartsWith(
            fault, Assert.Single(new RateLimitOptionsValidator().Validate(null, options).Failures!), StringComparison.Ordinal);
    }

    private static ClientLimits New(RateLimitOptions options) => new(Options.Create(options));

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
}
