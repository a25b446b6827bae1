using OtpPortal.Accounts;

namespace OtpPortal.Tests.Accounts;

/// <summary>The ranges of the lifetimes of a session.</summary>
public sealed class SessionOptionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_lifetimes_of_a_session_are_held_within_their_ranges()
    {
        var validator = new SessionOptionsValidator();
        Assert.True(validator.Validate(null, new SessionOptions()).Succeeded);
        Assert.Equal(
            [
                "Sessions:BrowserIdleTimeout is 00:04:59. Allowed: 00:05:00 to 30.00:00:00.",
                "Sessions:BrowserLifetime is 00:59:59. Allowed: 01:00:00 to 365.00:00:00.",
                "Sessions:RefreshIdleTimeout is 366.00:00:00. Allowed: 01:00:00 to 365.00:00:00.",
            ],
            validator.Validate(null, new SessionOptions
            {
                BrowserIdleTimeout = TimeSpan.FromMinutes(5) - Second, BrowserLifetime = TimeSpan.FromHours(1) - Second,
                    RefreshIdleTimeout = TimeSpan.FromDays(366),
            }).Failures);
    }
}
