using Microsoft.Extensions.Options;

namespace OtpPortal.Web;

/// <summary>Limits for each client address: the section <c>RateLimits</c> of the configuration.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Whether there are limits. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Codes asked for in a minute. Default 10.</summary>
    public int SendsPerMinute { get; init; } = 10;

    /// <summary>Codes and passwords tried in a minute. Default 30.</summary>
    public int VerificationsPerMinute { get; init; } = 30;

    /// <summary>Live connections (WebSockets) that one client has open at a time. Default 50.</summary>
    public int ConnectionsPerClient { get; init; } = 50;

    /// <summary>Live connections of all clients together. Default 1000.</summary>
    public int Connections { get; init; } = 1000;
}

/// <summary>Refuses limits that let nobody in.</summary>
public sealed class RateLimitOptionsValidator : IValidateOptions<RateLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
    {
        var faults = new (string Key, int Value)[]
            {
                (nameof(options.SendsPerMinute), options.SendsPerMinute),
                (nameof(options.VerificationsPerMinute), options.VerificationsPerMinute),
                (nameof(options.ConnectionsPerClient), options.ConnectionsPerClient),
                (nameof(options.Connections), options.Connections),
            }
            .Where(limit => limit.Value is < 1 or > 1_000_000)
            .Select(limit => $"RateLimits:{limit.Key} is {limit.Value}. Allowed: 1 to 1000000, or RateLimits:Enabled=false for none.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
