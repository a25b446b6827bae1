using OtpPortal.Activity;
using OtpPortal.Admin;
using OtpPortal.Api.Tokens;

namespace OtpPortal.Api.OpenApi;

/// <summary>The routes for administrators.</summary>
internal static class AdminDocs
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 14, 3, 0, TimeSpan.Zero);

    private static readonly Figures SampleFigures = new()
    {
        Sent = 120,
        Delivered = 119,
        Verified = 96,
        DecoySent = 4,
        DeliveryFailed = 1,
        WrongCodes = 7,
        LateCodes = 3,
        RefusedByCooldown = 5,
        DeliveryMedianMs = 239,
        Delivery95Ms = 1151,
        VerifyMedianMs = 24575,
        Verify95Ms = 98303,
    };

    public static readonly OperationDocs Statistics = new(
        "otpStatistics",
        Tags.Administration,
        "Read the statistics of codes, for a range that ends now",
        """
        The figures of the page `/admin/otp`, for programs of administrators. A range consists of bars of equal length that are aligned to
        the clock in UTC, and ends with the current bar. Percentiles are accurate to one eighth. The session cookie of an administrator is
        accepted as well as an access token, because this route changes nothing.
        """)
    {
        Queries = [new("range", "The range of time.", StatisticsRange.Default.Name, [.. StatisticsRange.All.Select(range => range.Name)])],
        Successes =
        [
            new(
                StatusCodes.Status200OK,
                "The statistics.",
                new Example(
                    "day", "Twenty-four hours, with only one of the bars", new OtpStatistics("24h", At.AddHours(-23).AddMinutes(-3), At)
                {
                    Codes = [new("register", 1, 40), new("login", 3, 70), new("forgot_password", 0, 8)],
                    Total = SampleFigures,
                    ByPurpose = [new("register", new Figures { Sent = 40, Delivered = 40, Verified = 31 }),
                        new("login", new Figures { Sent = 72, Delivered = 71, Verified = 60 }),
                            new("forgot_password", new Figures { Sent = 8, Delivered = 8, Verified = 5 })],
                    Bars = [new(At.AddMinutes(-3), At.AddMinutes(57), new Figures { Sent = 2, Delivered = 2, Verified = 1 })],
                    Domains = [new("example.com", 100, 100, 0, 84, 24575), new("example.org", 20, 19, 1, 12, 49151)],
                    Queue = new(1, 0.4),
                    Alerts = [],
                })),
        ],
        Refusals = [ProblemResponses.Fields, .. ProblemResponses.Bearers, ProblemResponses.NotAllowed, .. ProblemResponses.Failures],
        Security = [BearerHandler.Name, DocumentFrame.Session],
    };
}
