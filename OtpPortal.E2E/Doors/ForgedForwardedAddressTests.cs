using System.Globalization;
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
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            var stranger = portal.NewVisitor($"203.0.113.{i + 1}");
            statuses.Add((await stranger.PostAsync("login", new { email = $"person{i}@example.com" })).Status);
        }

        // Ten a minute, and a minute may end in between.
        Assert.InRange(statuses.Count(status => status == HttpStatusCode.Accepted), 1, 20);
        Assert.Equal(["127.0.0.1"], SqliteFile.Read(portal.Database, "SELECT DISTINCT Client FROM Activity WHERE Client <> ''"));

        // The headers of an unknown peer are usually those of a proxy that was forgotten, so the log names the key, once.
        await portal.UntilAsync(() => portal.Output.Contains("ReverseProxy:KnownProxies", StringComparison.Ordinal),
            "nothing named the key");
        Assert.Single(portal.Output.Split('\n'), line => line.Contains("ReverseProxy:KnownProxies", StringComparison.Ordinal));
    }

    // What is forwarded -> the client that counts, the scheme of the request, and the status: a client has one send a minute.
    [Theory]
    [InlineData("", "-> 127.0.0.1 http 202", "203.0.113.7 -> 127.0.0.1 http 429")]
    [InlineData("192.0.2.1", "203.0.113.7 -> 127.0.0.1 http 202")]
    [InlineData("10.0.0.0/24", "203.0.113.7 -> 127.0.0.1 http 202")]
    [InlineData("127.0.0.1", "-> 127.0.0.1 http 202", "203.0.113.7 -> 203.0.113.7 https 202",
        "198.51.100.9, 203.0.113.7 -> 203.0.113.7 https 429", "198.51.100.9, 203.0.113.8 -> 203.0.113.8 https 202")]
    [InlineData("127.0.0.1, 10.0.0.5", "203.0.113.7, 10.0.0.5 -> 203.0.113.7 https 202",
        "198.51.100.9, 203.0.113.8, 10.0.0.5 -> 203.0.113.8 https 202")]
    [InlineData("127.0.0.0/8, 10.0.0.0/24", "-> 127.0.0.1 http 202", "203.0.113.7, 10.0.0.77 -> 203.0.113.7 https 202",
        "198.51.100.9, 203.0.113.8, 10.0.0.77 -> 203.0.113.8 https 202")]
    public async Task A_forwarded_address_and_scheme_count_only_from_a_named_proxy(string proxies, params string[] cases)
    {
        await using var portal = await PublishedPortal.StartAsync(("ReverseProxy__KnownProxies", proxies), ("RateLimits__Enabled", "true"),
            ("RateLimits__SendsPerMinute", "1"));
        var expected = cases.Select((text, number) => ForwardedCase.Parse(number, text)).ToList();
        foreach (var one in expected)
        {
            var visitor = portal.NewVisitor(one.Forwarded);

            // Where forward authentication sends people has the scheme of the request, and no host but the one that was asked for.
            var check = await visitor.GetAsync("/api/auth/check", null, ("X-Forwarded-Host", "evil.example"),
                ("X-Forwarded-Prefix", "/evil"));
            Assert.Equal($"{one.Scheme}://{Visitor.PublicHost}/login", check.Header("Location"));
            await visitor.PostAsync("login", new { email = one.Email }).Is(one.Status);
        }

        // The limit counts the same client that the log names, whatever else was forged.
        Assert.Equal(
            expected.Where(one => one.Status == HttpStatusCode.Accepted).Select(one => $"{one.Email}|{one.Client}"),
            SqliteFile.Read(portal.Database, "SELECT DISTINCT Address, Client FROM Activity WHERE Address LIKE 'person%' ORDER BY 1"));
    }

    private sealed record ForwardedCase(string Email, string Forwarded, string Client, string Scheme, HttpStatusCode Status)
    {
        public static ForwardedCase Parse(int number, string text)
        {
            var (forwarded, rest) = (text[..text.IndexOf("->", StringComparison.Ordinal)].Trim(), text.Split(' ')[^3..]);
            return new ForwardedCase($"person{number}@example.com", forwarded, rest[0], rest[1],
                (HttpStatusCode)int.Parse(rest[2], CultureInfo.InvariantCulture));
        }
    }
}
