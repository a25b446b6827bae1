using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>The two verbs on codes, send and verify, and what a page may know in between.</summary>
public sealed class OtpService(
    OtpStore store,
    CodeGenerator generator,
    CodeHasher hasher,
    Outbox outbox,
    SendCounters counters,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    IOptions<OtpOptions> options,
    TimeProvider clock,
    ILogger<OtpService> log)
{
    /// <summary>How long a message without a code is worth delivering.</summary>
    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromHours(24);

    private readonly OtpOptions options = options.Value;

    /// <summary>Sends a code in a transaction of its own.</summary>
    public Task<SendOutcome> SendAsync(SendRequest request, CancellationToken cancellationToken) =>
        lane.RunAsync(db => SendAsync(db, request, cancellationToken), cancellationToken);

    /// <summary>
    /// Sends a code as a part of the caller's transaction: the code and its message are accepted together with whatever else
    /// the caller writes, or not at all.
    /// </summary>
    public async Task<SendOutcome> SendAsync(PortalDbContext db, SendRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rules = options.For(request.Purpose);
        IReadOnlyList<SendLimit> limits = [Mailbox.LimitOf(request.Email), .. request.Limits];
        if (await counters.WaitAsync(db, limits) is { } wait)
        {
            await RecordAsync(db, request, now, ActivityEventKind.RefusedByCap);
            return new SendOutcome.Refused(wait > TimeSpan.FromHours(1) ? SendRefusal.DailyCap : SendRefusal.HourlyCap, wait);
        }

        var code = generator.Generate(rules);

        // A stranger learns nothing: what is not for the address's owner takes the same statements, with a hash that no code has.
        var matchable = hasher.Hash(request.Purpose, request.Email, request.Binding, code);
        var hash = request.Message == MessageKind.Code ? matchable : hasher.Unmatchable();
        if (!await store.SendAsync(db, request.Email, request.Purpose, hash, options, now))
        {
            var row = await store.FindAsync(db, request.Email, request.Purpose, now, cancellationToken)
                ?? throw new InvalidOperationException("A send was refused by a row that is not there.");
            var (until, reason) = NextSend(row, rules);
            await RecordAsync(db, request, now, reason switch
            {
                SendRefusal.Cooldown => ActivityEventKind.RefusedByCooldown,
                SendRefusal.Locked => ActivityEventKind.RefusedByLock,
                _ => ActivityEventKind.RefusedByCap,
            });
            return new SendOutcome.Refused(reason, until - now);
        }

        // A decoy is counted elsewhere, where it refuses nobody, so that it takes as long.
        foreach (var limit in limits)
        {
            await counters.AddAsync(db, limit.Counts ? limit.Key : $"{limit.Key}:decoys");
        }

        await RecordAsync(db, request, now, request.Message == MessageKind.Code ? ActivityEventKind.Sent : ActivityEventKind.DecoySent);

        await outbox.AcceptAsync(db, new OutboxRequest(request.Message, request.Email)
        {
            Purpose = request.Purpose.Name(),
            Code = code.Value,
            Channel = request.Channel,
            Recipient = request.Recipient,
            RequestedFrom = request.RequestedFrom,
            ExpiresIn = request.Message == MessageKind.AccountExists ? NoticeLifetime : rules.Expiry,
        });
        return new SendOutcome.Sent(rules.Cooldown, rules.Expiry);
    }

    /// <summary>Checks a typed code whose success leads to nothing else.</summary>
    /// <inheritdoc cref="VerifyAsync{T}"/>
    public async Task<VerifyOutcome> VerifyAsync(
        string email, Purpose purpose, Binding binding, string? typed, CancellationToken cancellationToken) =>
        (await VerifyAsync(email, purpose, binding, typed, _ => Task.FromResult(true), cancellationToken)).Outcome;

    /// <summary>
    /// Checks a typed code. A wrong guess is committed by itself, before anything else, so that no later failure gives the attempt back.
    /// A right code, its redemption
    /// and what follows are one unit of work: all of it is on disk when this answers, or the code is still good.
    /// </summary>
    /// <param name="email">The normalised address or mobile number.</param>
    /// <param name="purpose">What the code is for.</param>
    /// <param name="binding">Who enters it.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="accept">What follows from a right code. If it throws, the code is not redeemed.</param>
    /// <returns>What came of it, and of <paramref name="accept"/> where the code was right.</returns>
    public async Task<(VerifyOutcome Outcome, T? Accepted)> VerifyAsync<T>(
        string email, Purpose purpose, Binding binding, string? typed, Func<PortalDbContext, Task<T>> accept,
            CancellationToken cancellationToken)
    {
        var rules = options.For(purpose);
        if (!Code.TryParse(typed, rules, out var code))
        {
            return (new VerifyOutcome.Malformed(rules.CodeLength, rules.Alphabet), default);
        }

        var hash = hasher.Hash(purpose, email, binding, code);
        var now = clock.GetUtcNow();
        var (compared, outcome, accepted) = await lane.RunAsync(
            async db =>
            {
                now = clock.GetUtcNow();
                var compared = await store.VerifyAsync(db, email, purpose, hash, options, now);
                var outcome = compared is null
                    ? ExplainRefusal(await store.FindAsync(db, email, purpose, now, cancellationToken), hash, now)
                    : Outcome(compared, rules);
                if (outcome is not VerifyOutcome.Verified)
                {
                    return (compared, outcome, default(T));
                }

                await RecordAsync(db, email, purpose, outcome, compared, now);
                return (compared, outcome, await accept(db));
            },
            cancellationToken);
        if (outcome is not VerifyOutcome.Verified)
        {
            // Whoever waits gets the answer in time; what is written down after it is written down all the same.
            await RecordFailureAsync(email, purpose, outcome, compared, now)
                .WaitAsync(RequestContext.Current.Within(WriteLane.LongestAnswer, clock), clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (outcome, accepted);
    }

    /// <summary>Refuses a typed code without comparing it, as where none was sent.</summary>
    public async Task<VerifyOutcome> RefuseAsync(string email, Purpose purpose, string? typed, CancellationToken cancellationToken)
    {
        var rules = options.For(purpose);
        if (!Code.TryParse(typed, rules, out _))
        {
            return new VerifyOutcome.Malformed(rules.CodeLength, rules.Alphabet);
        }

        var outcome = new VerifyOutcome.None();
        await lane.RunAsync(db => RecordAsync(db, email, purpose, outcome, compared: null, clock.GetUtcNow()), cancellationToken);
        return outcome;
    }

    /// <summary>Makes all codes of some identifiers worthless, and drops their messages. Strangers see no difference.</summary>
    public async Task EndAllAsync(PortalDbContext db, IReadOnlyCollection<string> identifiers)
    {
        await store.EndAsync(db, identifiers, hasher.Unmatchable());
        await outbox.DropCodesAsync(db, identifiers);
    }

    // The attempt is on disk already. Whatever fails here must neither give it back nor hide what came of it.
    private async Task RecordFailureAsync(
        string email, Purpose purpose, VerifyOutcome outcome, OtpStore.Comparison? compared, DateTimeOffset now)
    {
        try
        {
            RequestContext.Current = RequestContext.Current with { Deadline = null };
            await lane.RunAsync(
                async db =>
                {
                    await RecordAsync(db, email, purpose, outcome, compared, now);

                    // The last guess, of which there is one for each code: right and earlier codes are not compared once it was made.
                    if (compared?.Attempts == options.For(purpose).MaxAttempts
                        && await counters.TryAddAsync(db, Mailbox.NoticeLimitOf("wrong-codes", email)))
                    {
                        await counters.AddAsync(db, Mailbox.LimitOf(email).Key);
                        await outbox.AcceptWrongCodesAsync(db, email, purpose.Name());
                    }
                },
                CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "A wrong code was counted, but it could not be recorded in the activity log");
        }
    }

    /// <summary>Whether no rule of the identifier's own codes refuses a send now.</summary>
    public async Task<bool> CanSendAsync(PortalDbContext db, string email, Purpose purpose, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await store.FindAsync(db, email, purpose, now, cancellationToken) is not { } row
            || NextSend(row, options.For(purpose)).At <= now;
    }

    /// <summary>What the stored row says now, or null if there is none.</summary>
    public async Task<CodeStatus?> StatusAsync(string email, Purpose purpose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        if (await store.FindAsync(db, email, purpose, now, cancellationToken) is not { } row)
        {
            return null;
        }

        var rules = options.For(purpose);
        var (until, reason) = NextSend(row, rules);

        // Whether it was redeemed is nobody's business who did not redeem it.
        var waiting = row.ExpiresAt > now && row.Attempts < rules.MaxAttempts && !IsLocked(row, now);
        return new CodeStatus(row.LastSentAt, row.ExpiresAt, waiting, until, reason);
    }

    /// <summary>Which of some addresses and mobile numbers are locked now.</summary>
    public async Task<IReadOnlyList<CodeLock>> LocksAsync(
        PortalDbContext db, IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - options.LockFor;
        var rows = await db.OtpCodes.AsNoTracking()
            .Where(row => addresses.Contains(row.Email) && row.Failures >= options.FailureBudget && row.LastFailureAt > since)
            .ToListAsync(cancellationToken);
        return
        [
            .. from row in rows
               from purpose in Enum.GetValues<Purpose>()
               where purpose.Name() == row.Purpose
               orderby row.Email, purpose
               select new CodeLock(row.Email, purpose, LockedUntil(row)),
        ];
    }

    private static Task RecordAsync(PortalDbContext db, SendRequest request, DateTimeOffset now, ActivityEventKind kind) =>
        db.RecordAsync(new()
    {
        At = now,
        Kind = kind,
        Purpose = request.Purpose.Name(),
        Channel = request.Channel,
        Address = request.Email,
        Detail = request.RequestedBy,
    });

    private static async Task RecordAsync(
        PortalDbContext db, string email, Purpose purpose, VerifyOutcome outcome, OtpStore.Comparison? compared, DateTimeOffset now)
    {
        await RecordAsync(outcome switch
        {
            VerifyOutcome.Verified => ActivityEventKind.Verified,
            VerifyOutcome.Superseded => ActivityEventKind.EarlierCode,
            VerifyOutcome.Expired => ActivityEventKind.ExpiredCode,
            VerifyOutcome.Wrong => ActivityEventKind.WrongCode,

            // The guess that spent the budget was compared; those after it are not.
            VerifyOutcome.Locked => compared is null ? ActivityEventKind.RefusedByLock : ActivityEventKind.WrongCode,
            _ => ActivityEventKind.NoCode,
        });
        if (outcome is VerifyOutcome.Locked && compared is not null)
        {
            await RecordAsync(ActivityEventKind.Locked);
        }

        Task RecordAsync(ActivityEventKind kind) => db.RecordAsync(new()
        {
            At = now,
            Kind = kind,
            Purpose = purpose.Name(),
            Address = email,
            Delay = kind == ActivityEventKind.Verified ? (long)(now - compared!.LastSentAt).TotalMilliseconds : null,
        });
    }

    private VerifyOutcome Outcome(OtpStore.Comparison compared, PurposeRules rules) => compared switch
    {
        { Verified: true } => new VerifyOutcome.Verified(),
        { Superseded: true } => new VerifyOutcome.Superseded(compared.LastSentAt, rules.MaxAttempts - compared.Attempts),
        { Failures: var failures } when failures >= options.FailureBudget => new VerifyOutcome.Locked(options.LockFor),
        _ => new VerifyOutcome.Wrong(rules.MaxAttempts - compared.Attempts),
    };

    private VerifyOutcome ExplainRefusal(OtpCode? row, string hash, DateTimeOffset now) => row switch
    {
        null => new VerifyOutcome.None(),
        _ when IsLocked(row, now) => new VerifyOutcome.Locked(LockedUntil(row) - now),
        _ when row.CodeHash == OtpStore.Redeemed + hash => new VerifyOutcome.None(),
        _ when row.ExpiresAt <= now => new VerifyOutcome.Expired(),
        _ => new VerifyOutcome.TooManyAttempts(),
    };

    /// <summary>From when on a send is accepted, and the rule that refuses it until then: of several, the one that lasts longest.</summary>
    private (DateTimeOffset At, SendRefusal Reason) NextSend(OtpCode row, PurposeRules rules)
    {
        var next = (At: row.LastSentAt + rules.Cooldown, Reason: SendRefusal.Cooldown);
        Later(row.HourSends >= rules.SendsPerHour, row.HourStartedAt.AddHours(1), SendRefusal.HourlyCap);
        Later(row.DaySends >= rules.SendsPerDay, row.DayStartedAt.AddDays(1), SendRefusal.DailyCap);
        Later(row.Failures >= options.FailureBudget, LockedUntil(row), SendRefusal.Locked);
        return next;

        void Later(bool applies, DateTimeOffset at, SendRefusal reason)
        {
            if (applies && at > next.At)
            {
                next = (at, reason);
            }
        }
    }

    private bool IsLocked(OtpCode row, DateTimeOffset now) => row.Failures >= options.FailureBudget && LockedUntil(row) > now;

    // No failure, no lock: a time that is always over.
    private DateTimeOffset LockedUntil(OtpCode row) => (row.LastFailureAt ?? DateTimeOffset.UnixEpoch) + options.LockFor;
}
