using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Web;

/// <summary>Limits for each client address: the section <c>RateLimits</c> of the configuration.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    private const string OrNone = ", or RateLimits:Enabled=false for none";

    /// <summary>Whether there are limits.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Codes requested in a minute.</summary>
    [AllowedRange(1, 1_000_000, Hint = OrNone)]
    public int SendsPerMinute { get; init; } = 10;

    /// <summary>Codes and passwords tried in a minute.</summary>
    [AllowedRange(1, 1_000_000, Hint = OrNone)]
    public int VerificationsPerMinute { get; init; } = 30;

    /// <summary>Live connections (WebSockets) that one client has open at a time.</summary>
    [AllowedRange(1, 1_000_000, Hint = OrNone)]
    public int ConnectionsPerClient { get; init; } = 50;

    /// <summary>Live connections of all clients together.</summary>
    [AllowedRange(1, 1_000_000, Hint = OrNone)]
    public int Connections { get; init; } = 1000;
}

/// <summary>Refuses limits that let nobody in.</summary>
internal sealed class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var faults = AllowedRangeAttribute.Faults(RateLimitOptions.Section, options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
