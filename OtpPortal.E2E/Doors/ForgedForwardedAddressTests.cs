using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>Somebody sends forwarded headers of their own to get a new client address with every request.</summary>
public sealed class ForgedForwardedAddressTests
{
    [Fact]
    public async Task Forged_client_addresses_do_not_get_past_the_limit_where_no_proxy_is_named()
    {
        await using var portal = await PublishedPortal.StartAsync(("ReverseProxy__KnownProxies", ""), ("RateLimits__Enabled", "true"));
        var accepted = 0;
        for (var i = 0; i < 40; i++)
        {
            var stranger = portal.NewVisitor($"203.0.113.{i + 1}");
            var answer = await stranger.PostAsync("login", new { email = $"person{i}@example.com" });
            accepted += answer.Status == HttpStatusCode.Accepted ? 1 : 0;
        }

        // Ten a minute, and a minute may end in between.
        Assert.InRange(accepted, 1, 20);
        Assert.Equal(["127.0.0.1"], SqliteFile.Read(portal.Database, "SELECT DISTINCT Client FROM Activity WHERE Client <> ''"));

        // The headers of an unknown peer are usually those of a proxy that was forgotten, so the log names the key, once.
        await portal.UntilAsync(() => portal.Output.Contains("ReverseProxy:KnownProxies", StringComparison.Ordinal),
            "nothing named the key");
        Assert.Single(portal.Output.Split('\n'), line => line.Contains("ReverseProxy:KnownProxies", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "-> 127.0.0.1", "203.0.113.7 -> 127.0.0.1")]
    [InlineData("192.0.2.1", "203.0.113.7 -> 127.0.0.1")]
    [InlineData("10.0.0.0/24", "203.0.113.7 -> 127.0.0.1")]
    [InlineData("127.0.0.1", "-> 127.0.0.1", "203.0.113.7 -> 203.0.113.7", "198.51.100.9, 203.0.113.7 -> 203.0.113.7",
        "198.51.100.9, 203.0.113.8 -> 203.0.113.8")]
    [InlineData("127.0.0.1, 10.0.0.5", "203.0.113.7, 10.0.0.5 -> 203.0.113.7", "198.51.100.9, 203.0.113.8, 10.0.0.5 -> 203.0.113.8")]
    [InlineData("127.0.0.0/8, 10.0.0.0/24", "-> 127.0.0.1", "203.0.113.7, 10.0.0.77 -> 203.0.113.7",
        "198.51.100.9, 203.0.113.8, 10.0.0.77 -> 203.0.113.8")]
    public async Task A_forwarded_address_and_scheme_count_only_from_a_named_proxy(string proxies, params string[] cases)
    {
        await using var portal = await PublishedPortal.StartAsync(("ReverseProxy__KnownProxies", proxies), ("RateLimits__Enabled", "true"),
            ("RateLimits__SendsPerMinute", "1"));
        var counted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, parts) in cases.Index().Select(one => (one.Index, one.Item.Split("->", StringSplitOptions.TrimEntries))))
        {
            var (forwarded, client) = (parts[0], parts[1]);
            var visitor = portal.NewVisitor(forwarded);

            // Where forward authentication sends people has the scheme of the request, and no host but the one that was asked for.
            var check = await visitor.GetAsync("/api/auth/check", null, ("X-Forwarded-Host", "evil.example"),
                ("X-Forwarded-Prefix", "/evil"));
            Assert.Equal($"{(client == "127.0.0.1" ? "http" : "https")}://{Visitor.PublicHost}/login", check.Header("Location"));

            // The limit counts the same client that the log names, whatever else was forged.
            var email = $"person{number}@example.com";
            var isFirst = counted.Add(client);
            await visitor.PostAsync("login", new { email }).Is(isFirst ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests);
            Assert.Equal(isFirst ? [client] : [], SqliteFile.Read(portal.Database,
                "SELECT DISTINCT Client FROM Activity WHERE Address = $email", ("$email", email)));
        }
    }
}
