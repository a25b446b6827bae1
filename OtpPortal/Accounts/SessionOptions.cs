using Microsoft.Extensions.Options;

namespace OtpPortal.Accounts;

/// <summary>
/// How long sign-ins last: the section <c>Sessions</c> of the configuration. How long programs may go on at most is
/// <c>Jwt:RefreshLifetime</c>.
/// </summary>
public sealed class SessionOptions
{
    public const string Section = "Sessions";

    /// <summary>After this time without a request a browser is signed out. Default 12 hours; 5 minutes to 30 days.</summary>
    public TimeSpan BrowserIdleTimeout { get; init; } = TimeSpan.FromHours(12);

    /// <summary>After this time a browser is signed out, however often it was used. Default 30 days; 1 hour to 365 days.</summary>
    public TimeSpan BrowserLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>After this time without a request the session of a program is over. Default 14 days; 1 hour to 365 days.</summary>
    public TimeSpan RefreshIdleTimeout { get; init; } = TimeSpan.FromDays(14);
}

/// <summary>Refuses sessions that never end, and those that end while somebody fills in a form.</summary>
public sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var faults = new (string Key, TimeSpan Value, TimeSpan Least, TimeSpan Most)[]
            {
                (nameof(options.BrowserIdleTimeout), options.BrowserIdleTimeout, TimeSpan.FromMinutes(5), TimeSpan.FromDays(30)),
                (nameof(options.BrowserLifetime), options.BrowserLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(365)),
                (nameof(options.RefreshIdleTimeout), options.RefreshIdleTimeout, TimeSpan.FromHours(1), TimeSpan.FromDays(365)),
            }
            .Where(time => time.Value < time.Least || time.Value > time.Most)
            .Select(time => $"Sessions:{time.Key} is {time.Value}. Allowed: {time.Least} to {time.Most}.")
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
