using Microsoft.Extensions.Options;
using OtpPortal.Hosting;

namespace OtpPortal.Activity;

/// <summary>The section <c>Activity</c> of the configuration.</summary>
internal sealed class ActivityOptions
{
    public const string Section = "Activity";

    /// <summary>How many days the activity log is kept.</summary>
    [AllowedRange(1, 3650)]
    public int KeepDays { get; init; } = 30;

    internal TimeSpan Keep => TimeSpan.FromDays(KeepDays);

    /// <summary>How long the activity log is kept, in words.</summary>
    internal string DescribeKeep => KeepDays == 1 ? "a day" : Plural.Of(KeepDays, "day");
}

/// <summary>Refuses a log that is purged at once, or never.</summary>
internal sealed class ActivityOptionsValidator : IValidateOptions<ActivityOptions>
{
    public ValidateOptionsResult Validate(string? name, ActivityOptions options)
    {
        var faults = AllowedRangeAttribute.Faults(ActivityOptions.Section, options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
