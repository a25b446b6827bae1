using System.Globalization;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>
/// Limits how many texts are sent. Each text costs money, and a text to a number of the caller's choice can earn the caller some of it.
/// Unverified numbers therefore have narrow limits of their own, so that they cannot use up the texts of verified numbers.
/// </summary>
internal sealed class TextLimits(IOptions<TwilioOptions> twilio, SendCounters counters, TimeProvider clock)
{
    private const int CodesPerNumber = 3;
    private const int NumbersPerAccount = 5;
    private const int TextsPerRange = 20;

    /// <summary>A plus and seven digits. Numbers that share these were often assigned together.</summary>
    private const int RangeLength = 8;

    private readonly TwilioOptions twilio = twilio.Value;

    // The limit is for a calendar day in UTC. A day that began with the first text would reveal when that text was sent.
    private SendLimit All => OfDay("texts", twilio.TextsPerDay);

    /// <summary>The number of texts of the current day, and the budget of a day.</summary>
    public async Task<(int Sent, int Budget)> OfTodayAsync(PortalDbContext db) =>
        (await counters.CountOfDayAsync(db, All.Key), twilio.TextsPerDay);

    /// <summary>Whether a number that is not verified yet may get codes.</summary>
    public bool Covers(MobileNumber number) => CallingCodes.IsWithin(number.Value, twilio.CountryList);

    /// <summary>The limits of a text to a verified number, or of a decoy in its place.</summary>
    public IReadOnlyList<SendLimit> OfProvenNumber(bool isReal) => [All with { Counts = isReal }];

    /// <summary>The limits of a text to a number that an account has not verified.</summary>
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
