using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Accounts;

/// <summary>
/// How long sign-ins last: the section <c>Sessions</c> of the configuration. The longest session of a program is
/// <c>Jwt:RefreshLifetime</c>.
/// </summary>
public sealed class SessionOptions
{
    public const string Section = "Sessions";

    /// <summary>After this time without a request a browser is signed out.</summary>
    [AllowedRange("00:05:00", "30.00:00:00")]
    public TimeSpan BrowserIdleTimeout { get; init; } = TimeSpan.FromHours(12);

    /// <summary>After this time a browser is signed out, however often it was used.</summary>
    [AllowedRange("01:00:00", "365.00:00:00")]
    public TimeSpan BrowserLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>After this time without a request the session of a program ends.</summary>
    [AllowedRange("01:00:00", "365.00:00:00")]
    public TimeSpan RefreshIdleTimeout { get; init; } = TimeSpan.FromDays(14);
}

/// <summary>Refuses sessions that never end, and sessions that end while a person fills in a form.</summary>
internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var faults = AllowedRangeAttribute.Faults(SessionOptions.Section, options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
