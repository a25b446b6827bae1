using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OtpPortal.Api;
using OtpPortal.Api.Tokens;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>One field broken at a time: the message names the key, the value, and what is allowed.</summary>
public sealed class JwtOptionsTests
{
    [Fact]
    public void The_defaults_of_the_tokens_are_valid_and_as_the_design_has_them()
    {
        var options = new JwtOptions();

        Assert.Empty(Faults());
        Assert.Equal("OtpPortal", options.Audience);
        Assert.Equal(TimeSpan.FromMinutes(15), options.Lifetime);
        Assert.Equal(TimeSpan.FromDays(30), options.RefreshLifetime);
        Assert.Equal(TimeSpan.FromDays(90), options.KeyLifetime);
    }

    [Theory]
    [InlineData("Lifetime", "00:00:59", "00:01:00 to 01:00:00")]
    [InlineData("Lifetime", "01:00:01", "00:01:00 to 01:00:00")]
    [InlineData("Lifetime", "-00:15:00", "00:01:00 to 01:00:00")]
    [InlineData("RefreshLifetime", "00:59:59", "01:00:00 to 365.00:00:00")]
    [InlineData("RefreshLifetime", "365.00:00:01", "01:00:00 to 365.00:00:00")]
    [InlineData("KeyLifetime", "23:59:59", "1.00:00:00 to 365.00:00:00")]
    [InlineData("KeyLifetime", "366.00:00:00", "1.00:00:00 to 365.00:00:00")]
    public void A_time_of_the_tokens_beyond_its_range_is_named_with_what_is_allowed(string key, string value, string allowed) =>
        Assert.Equal([$"Jwt:{key} is {value}. Allowed: {allowed}."], Faults((key, value)));

    [Theory]
    [InlineData("Lifetime", "00:01:00", "01:00:00")]
    [InlineData("RefreshLifetime", "01:00:00", "365.00:00:00")]
    [InlineData("KeyLifetime", "1.00:00:00", "365.00:00:00")]
    public void The_ends_of_the_ranges_of_the_tokens_are_allowed(string key, string least, string most)
    {
        Assert.Empty(Faults((key, least)));
        Assert.Empty(Faults((key, most)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_audience_of_the_tokens_is_refused(string audience) =>
        Assert.Equal(
            ["Jwt:Audience is empty. Allowed: a name for those who accept the tokens, like OtpPortal."], Faults(("Audience", audience)));

    [Theory]
    [InlineData("Issuer")]
    [InlineData("Audience")]
    public void An_issuer_or_audience_too_long_for_a_header_is_refused(string key)
    {
        Assert.Empty(Faults((key, new string('x', 256))));
        Assert.Equal([$"Jwt:{key} has 257 characters. Allowed: at most 256."], Faults((key, new string('x', 257))));
    }

    [Fact]
    public void All_wrong_settings_of_the_tokens_are_named_at_once() =>
        Assert.Equal(3, Faults(("Audience", ""), ("Lifetime", "1.00:00:00"), ("KeyLifetime", "00:00:00")).Count);

    [Theory]
    [InlineData("Jwt:Lifetime", "00:00:30", "Jwt:Lifetime is 00:00:30.")]
    [InlineData("Jwt:Lifetime", "soon", "Jwt:Lifetime is \"soon\". Allowed: a time as hours:minutes:seconds")]
    [InlineData("Jwt:Audience", " ", "Jwt:Audience is empty.")]
    [InlineData("Jwt:Secret", "x", "Jwt:Secret means nothing. Allowed in Jwt: Issuer, Audience, Lifetime, RefreshLifetime, KeyLifetime.")]
    public void A_wrong_setting_of_the_tokens_stops_the_start_and_is_named(string key, string value, string sentence)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)])
            .Build());
        services.AddApi();
        using var built = services.BuildServiceProvider();

        var failure = Assert.ThrowsAny<Exception>(() =>
        {
            built.CheckConfiguration();
            built.GetRequiredService<IStartupValidator>().Validate();
        });

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configured_issuer_audience_and_lifetime_are_in_the_tokens()
    {
        await using var api = new ApiHost();
        api.Portal.With("Jwt:Issuer", "https://id.example.com").With("Jwt:Audience", "shop").With("Jwt:Lifetime", "00:02:00");
        await api.InitializeAsync();
        await api.VerifiedAsync("ann@example.com");
        var login = await api.LoginAsync("ann@example.com");
        var claims = Es256.Read(login.Of("token"))!.Claims;

        Assert.Equal(120, login.Number("expiresInSeconds"));
        Assert.Equal("https://id.example.com", claims.GetProperty("iss").GetString());
        Assert.Equal("shop", claims.GetProperty("aud").GetString());
        Assert.Equal(120, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        (await api.GetAsync("/api/auth/me", login.Of("token"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_address_of_the_portal_is_the_default_issuer_of_the_tokens()
    {
        await using var api = new ApiHost();
        api.Portal.With("Portal:Address", "https://portal.example.com");
        await api.InitializeAsync();
        await api.VerifiedAsync("ann@example.com");

        Assert.Equal("https://portal.example.com",
            Es256.Read((await api.LoginAsync("ann@example.com")).Of("token"))!.Claims.GetProperty("iss").GetString());
    }

    private static List<string> Faults(params (string Key, string Value)[] settings)
    {
        var options = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Jwt:{setting.Key}", (string?)setting.Value)))
            .Build().GetSection(JwtOptions.Section).Get<JwtOptions>() ?? new JwtOptions();
        return [.. new JwtOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
