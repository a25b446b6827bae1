using System.Globalization;
using Microsoft.Extensions.Options;
using OtpPortal.Delivery;
using OtpPortal.Hosting;

namespace OtpPortal.Api.Tokens;

/// <summary>The section <c>Jwt</c> of the configuration.</summary>
internal sealed class JwtOptions
{
    public const string Section = "Jwt";

    /// <summary>The longest issuer and audience. Both are in every token, and a token must fit into a header.</summary>
    internal const int MaxNameLength = 256;

    /// <summary>The claim <c>iss</c>. Without it, the issuer is <c>Portal:Address</c>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The claim <c>aud</c>: a name for those who accept the tokens.</summary>
    public string Audience { get; init; } = "OtpPortal";

    /// <summary>How long an access token is valid.</summary>
    [AllowedRange("00:01:00", "01:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long refresh tokens continue one sign-in.</summary>
    [AllowedRange("01:00:00", "365.00:00:00")]
    public TimeSpan RefreshLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a key signs before the next one takes its place.</summary>
    [AllowedRange("1.00:00:00", "365.00:00:00")]
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(90);
}

internal sealed class JwtIssuer(IOptions<PortalOptions> portal) : IPostConfigureOptions<JwtOptions>
{
    public void PostConfigure(string? name, JwtOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Issuer))
        {
            options.Issuer = portal.Value.PublicAddress;
        }
    }
}

/// <summary>Refuses tokens that are valid for too long to be revoked, or too briefly to be used.</summary>
internal sealed class JwtOptionsValidator : IValidateOptions<JwtOptions>
{
    public ValidateOptionsResult Validate(string? name, JwtOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Audience))
        {
            faults.Add("Jwt:Audience is empty. Allowed: a name for those who accept the tokens, like OtpPortal.");
        }

        CheckLength("Jwt:Issuer", options.Issuer);
        CheckLength("Jwt:Audience", options.Audience);
        faults.AddRange(AllowedRangeAttribute.Faults(JwtOptions.Section, options));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void CheckLength(string key, string value)
        {
            if (value.Length > JwtOptions.MaxNameLength)
            {
                faults.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{key} has {value.Length} characters. Allowed: at most {JwtOptions.MaxNameLength}."));
            }
        }
    }
}
