using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>The metrics and the activity log tell the same.</summary>
public sealed class ActivityMetricsTests : MetricsTest
{
    private static readonly Dictionary<ActivityEventKind, string> Sends = new()
    {
        [ActivityEventKind.Sent] = "sent",
        [ActivityEventKind.DecoySent] = "nowhere",
        [ActivityEventKind.RefusedByCooldown] = "cooldown",
        [ActivityEventKind.RefusedByCap] = "cap",
        [ActivityEventKind.RefusedByLock] = "locked",
    };

    private static readonly Dictionary<ActivityEventKind, string> Verifications = new()
    {
        [ActivityEventKind.Verified] = "verified",
        [ActivityEventKind.WrongCode] = "wrong",
        [ActivityEventKind.EarlierCode] = "earlier",
        [ActivityEventKind.ExpiredCode] = "expired",
        [ActivityEventKind.NoCode] = "none",
        [ActivityEventKind.RefusedByLock] = "locked",
    };

    private static readonly Dictionary<ActivityEventKind, string> Deliveries = new()
    {
        [ActivityEventKind.HandedOver] = "handed_over",
        [ActivityEventKind.DeliveryRetried] = "retried",
        [ActivityEventKind.DeliveryFailed] = "failed",
        [ActivityEventKind.DeliveryExpired] = "expired",
        [ActivityEventKind.DeliverySuperseded] = "superseded",
    };

    private static readonly Dictionary<ActivityEventKind, string> SignIns = new()
    {
        [ActivityEventKind.SignedIn] = "signed_in",
        [ActivityEventKind.WrongPassword] = "wrong_password",
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_metrics_agree_with_the_activity_log_after_any_run_of_sends_and_verifications(int seed)
    {
        var random = new SeededRandom(seed);
        string[] people = ["ann@example.com", "bob@example.com", "cy@example.com"];
        for (var step = 0; step < 300; step++)
        {
            await StepAsync(random, random.Of(people), random.Of(Enum.GetValues<Purpose>()));
        }

        // What these runs do not meet, as they are noted elsewhere.
        foreach (var kind in Enum.GetValues<ActivityEventKind>())
        {
            await portal.Lane.RunAsync(
                db => db.RecordAsync(
                    new() { At = portal.Clock!.GetUtcNow(), Kind = kind, Channel = "email", Purpose = "login", Delay = 1500, Count = 3,
                        Detail = "codes" }), Cancel);
        }

        await AgreesAsync();
    }

    private async Task StepAsync(SeededRandom random, string who, Purpose purpose)
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                await portal.TrySendAsync(who, purpose);
                break;
            case 2:
                await portal.Otp.SendAsync(
                    new SendRequest(Identifier.FromStored(who), purpose, OtpSteps.Browser) { Message = MessageKind.Decoy }, Cancel);
                break;
            case 3:
                await portal.DeliverAsync();
                break;
            case 4 or 5:
                await portal.VerifyAsync(who,
                    portal.Inbox.Where(message => message.To == who).Select(message => message.Code).FirstOrDefault() ?? "123456", purpose);
                break;
            case 6:
                await portal.VerifyAsync(who, "000000", purpose);
                break;
            default:
                portal.Wait(TimeSpan.FromSeconds(random.Next(400)));
                break;
        }
    }

    [Fact]
    public async Task Work_that_is_rolled_back_counts_in_no_metric()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => portal.Lane.RunAsync(
            async db =>
            {
                await portal.Otp.SendAsync(
                    db, new SendRequest(Identifier.FromStored("ann@example.com"), Purpose.Login, OtpSteps.Browser), Cancel);
                throw new InvalidDataException("The caller's own part went wrong.");
            },
            Cancel));

        Assert.Empty(metrics.All);
        await AgreesAsync();
    }

    [Fact]
    public async Task A_commit_that_fails_counts_in_no_metric()
    {
        // A constraint that is looked at when all is committed.
        await Assert.ThrowsAsync<SqliteException>(() => portal.Lane.RunAsync(
            async db =>
            {
                await portal.Otp.SendAsync(
                    db, new SendRequest(Identifier.FromStored("ann@example.com"), Purpose.Login, OtpSteps.Browser), Cancel);
                await db.Database.ExecuteSqlRawAsync("PRAGMA defer_foreign_keys=1;", Cancel);
                await db.Database.ExecuteSqlRawAsync(
                    "INSERT INTO AspNetUserLogins (LoginProvider, ProviderKey, UserId) VALUES ('a', 'b', 'nobody')", Cancel);
            },
            Cancel));

        Assert.Empty(metrics.All);
        await AgreesAsync();
    }

    /// <summary>Counts the log's rows one by one and compares.</summary>
    private async Task AgreesAsync()
    {
        var events = await portal.ReadAsync(db => db.Activity.AsNoTracking().ToListAsync(Cancel));

        // In the order of the attributes' names: channel, outcome, purpose.
        Same("otpportal.otp.sends",
            one => Sends.TryGetValue(one.Kind, out var outcome) && one.Channel.Length > 0
                ? $"{one.Channel} {outcome} {one.Purpose}"
                : null);
        Same("otpportal.otp.verifications", one =>
            Verifications.TryGetValue(one.Kind, out var outcome)
                && (one.Kind != ActivityEventKind.RefusedByLock || one.Channel.Length == 0) ? $"{outcome} {one.Purpose}" : null);
        Same("otpportal.deliveries", one => Deliveries.TryGetValue(one.Kind, out var outcome) ? $"{one.Channel} {outcome}" : null);
        Same("otpportal.account.sign_ins", one => SignIns.GetValueOrDefault(one.Kind));
        Same("otpportal.otp.locks", one => one.Kind == ActivityEventKind.Locked ? one.Purpose : null);
        Same("otpportal.account.registrations", one => one.Kind == ActivityEventKind.Registered ? "" : null);
        Same("otpportal.account.password_resets", one => one.Kind == ActivityEventKind.PasswordReset ? "" : null);
        Same("otpportal.purge.rows", one => one.Kind == ActivityEventKind.Purged ? one.Detail : null, one => one.Count!.Value);
        Same("otpportal.otp.entry.duration", one => one.Kind == ActivityEventKind.Verified ? one.Purpose : null,
            one => one.Delay!.Value / 1000.0);
        Same("otpportal.delivery.duration", one => one.Kind == ActivityEventKind.HandedOver ? one.Channel : null,
            one => one.Delay!.Value / 1000.0);

        void Same(string instrument, Func<ActivityEvent, string?> key, Func<ActivityEvent, double>? value = null)
        {
            var expected = events.Where(one => key(one) is not null).GroupBy(one => key(one)!, StringComparer.Ordinal)
                .Select(group => $"{group.Key}: {group.Sum(value ?? (_ => 1)):0.###}").Order(StringComparer.Ordinal);
            Assert.Equal(expected, metrics.Sums(instrument).Select(sum => $"{sum.Key}: {sum.Value:0.###}").Order(StringComparer.Ordinal));
        }
    }
}
