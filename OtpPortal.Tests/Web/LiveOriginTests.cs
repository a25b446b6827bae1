using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>From which origins a live connection is accepted.</summary>
public sealed class LiveOriginTests : LiveConnectionsTest
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1")]
    public async Task The_live_part_of_a_page_refuses_other_origins(string origin)
    {
        await StartAsync();
        using var client = Peer.From(One, Server);

        Assert.Equal(HttpStatusCode.Forbidden, await NegotiateAsync(client, origin));
        Assert.Equal(HttpStatusCode.Forbidden, await OpenAsync(One, origin));
    }

    [Theory]
    [InlineData("http://#")]
    [InlineData("https://#")]
    [InlineData(null)]
    public async Task The_live_part_of_a_page_accepts_its_own_origin_and_none(string? origin)
    {
        await StartAsync();
        origin = origin?.Replace("#", Server.Authority, StringComparison.Ordinal);
        using var client = Peer.From(One, Server);

        Assert.Equal(HttpStatusCode.OK, await NegotiateAsync(client, origin));
        Assert.Null(await OpenAsync(One, origin));
    }
}
