using System.Globalization;
using Microsoft.Extensions.Options;
using OtpPortal.Delivery;

namespace OtpPortal.Api.Tokens;

/// <summary>The section <c>Jwt</c> of the configuration.</summary>
public sealed class JwtOptions
{
    public const string Section = "Jwt";

    /// <summary>Who signs: <c>iss</c>. Default <c>Portal:Address</c>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Whom the tokens are for: <c>aud</c>. Default <c>OtpPortal</c>.</summary>
    public string Audience { get; init; } = "OtpPortal";

    /// <summary>How long an access token is good for. Default 15 minutes; 1 minute to 1 hour.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long refresh tokens continue one sign-in. Default 30 days; 1 hour to 365 days.</summary>
    public TimeSpan RefreshLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a key signs before the next one takes its place. Default 90 days; 1 day to 365 days.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(90);
}

/// <summary>Fills in the issuer.</summary>
public sealed class JwtIssuer(IOptions<PortalOptions> portal) : IPostConfigureOptions<JwtOptions>
{
    public void PostConfigure(string? name, JwtOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Issuer))
        {
            options.Issuer = portal.Value.PublicAddress;
        }
    }
}

/// <summary>Refuses tokens that live too long to be taken back, or too short to be used.</summary>
public sealed class JwtOptionsValidator : IValidateOptions<JwtOptions>
{
    // Both are in every token, and a token must fit into a header.
    private const int MaxLength = 256;

    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Audience))
        {
            faults.Add("Jwt:Audience is empty. Allowed: a name for those who accept the tokens, like OtpPortal.");
        }

        Short("Jwt:Issuer", options.Issuer);
        Short("Jwt:Audience", options.Audience);
        Between("Jwt:Lifetime", options.Lifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        Between("Jwt:RefreshLifetime", options.RefreshLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(365));
        Between("Jwt:KeyLifetime", options.KeyLifetime, TimeSpan.FromDays(1), TimeSpan.FromDays(365));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Short(string key, string value)
        {
            if (value.Length > MaxLength)
            {
                faults.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{key} has {value.Length} characters. Allowed: at most {MaxLength}."));
            }
        }

        void Between(string key, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                faults.Add($"{key} is {value}. Allowed: {least} to {most}.");
            }
        }
    }
}
