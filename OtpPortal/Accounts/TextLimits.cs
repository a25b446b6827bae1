using System.Globalization;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// How many texts are sent. Each costs money, and a text to a number of the caller's choice can earn the caller some of it: numbers that
/// are not proven have narrow
/// limits of their own, so that nobody can spend the texts of those that are.
/// </summary>
public sealed class TextLimits(IOptions<TwilioOptions> twilio, SendCounters counters, TimeProvider clock)
{
    private const int CodesPerNumber = 3;
    private const int NumbersPerAccount = 5;
    private const int TextsPerRange = 20;

    /// <summary>A plus and seven digits: numbers that share them were often given out together.</summary>
    private const int RangeLength = 8;

    private readonly TwilioOptions twilio = twilio.Value;

    // Days of the calendar, in UTC: from when a day of its own began, everybody could read when the first text was sent.
    private SendLimit All => OfDay("texts", twilio.TextsPerDay);

    /// <summary>Texts of the day that is running, and how many there may be.</summary>
    public async Task<(int Sent, int Budget)> OfTodayAsync(PortalDbContext db) =>
        (await counters.CountOfDayAsync(db, All.Key), twilio.TextsPerDay);

    /// <summary>Whether codes are sent to a number that is not proven yet.</summary>
    public bool Covers(MobileNumber number) => CallingCodes.IsWithin(number.Value, twilio.CountryList);

    /// <summary>What a text to a proven number counts against, or a decoy in its place.</summary>
    public IReadOnlyList<SendLimit> OfProvenNumber(bool isReal) => [All with { Counts = isReal }];

    /// <summary>What a text to a number counts against that an account names and has not proven.</summary>
    public async Task<IReadOnlyList<SendLimit>> OfUnprovenNumberAsync(PortalDbContext db, MobileNumber number, string userId)
    {
        var pair = new SendLimit($"number:{userId}:{number}", int.MaxValue, int.MaxValue);
        var numbersOfAccount = new SendLimit($"numbers:{userId}", NumbersPerAccount, NumbersPerAccount);
        List<SendLimit> limits =
        [
            new($"number:{number}", CodesPerNumber, CodesPerNumber),
            new($"range:{number.Value[..RangeLength]}", TextsPerRange, TextsPerRange),
            OfDay("texts:unproven", twilio.TextsPerDay / 2),
            All,
            pair,
        ];
        if (await counters.CountOfDayAsync(db, pair.Key) == 0)
        {
            limits.Add(numbersOfAccount);
        }

        return limits;
    }

    private SendLimit OfDay(string name, int budget)
    {
        var today = clock.GetUtcNow().UtcDateTime.Date;
        return new SendLimit(string.Create(CultureInfo.InvariantCulture, $"{name}:{today:yyyy-MM-dd}"), budget, budget)
        {
            Until = new DateTimeOffset(today.AddDays(1), TimeSpan.Zero),
        };
    }
}
