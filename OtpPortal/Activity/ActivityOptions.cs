using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Activity;

/// <summary>The section <c>Activity</c> of the configuration.</summary>
public sealed class ActivityOptions
{
    public const string Section = "Activity";

    /// <summary>How many days the activity log is kept. Default 30; 1 to 3650.</summary>
    public int KeepDays { get; init; } = 30;

    internal TimeSpan Keep => TimeSpan.FromDays(KeepDays);

    /// <summary>How long the activity log is kept, in words.</summary>
    internal string DescribeKeep => KeepDays == 1 ? "a day" : Plural.Of(KeepDays, "day");
}

/// <summary>Refuses a log that forgets at once, or never.</summary>
public sealed class ActivityOptionsValidator : IValidateOptions<ActivityOptions>
{
    public ValidateOptionsResult Validate(string? name, ActivityOptions options) => options.KeepDays is >= 1 and <= 3650
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Activity:KeepDays is {options.KeepDays}. Allowed: 1 to 3650.");
}
