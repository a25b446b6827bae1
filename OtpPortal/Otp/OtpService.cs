using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>The two verbs on codes, send and verify, and what a page may know in between.</summary>
public sealed class OtpService(
    OtpStore store,
    OtpRules rules,
    CodeGenerator generator,
    CodeHasher hasher,
    Outbox outbox,
    SendCounters counters,
    IIdentifierOwners owners,
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
        IReadOnlyList<SendLimit> limits = [Mailbox.LimitOf(request.Identifier), .. request.Limits];
        if (await counters.WaitAsync(db, limits) is { } wait)
        {
            await OtpActivity.RecordSendAsync(db, request, now, ActivityEventKind.RefusedByCap);
            return new SendOutcome.Refused(wait > TimeSpan.FromHours(1) ? SendRefusal.DailyCap : SendRefusal.HourlyCap, wait);
        }

        var code = generator.Generate(options.For(request.Purpose));

        // A stranger learns nothing: what is not for the identifier's owner takes the same statements, with a hash that no code has.
        var matchable = hasher.Hash(request.Purpose, request.Identifier, request.Binding, code);
        var hash = request.Message == MessageKind.Code ? matchable : hasher.Unmatchable();
        if (!await store.SendAsync(db, request, hash, options, now))
        {
            var row = await store.FindAsync(db, request.Identifier, request.Purpose, now, cancellationToken)
                ?? throw new InvalidOperationException("A send was refused by a row that is not there.");
            var (until, reason) = rules.NextSend(row, request.Purpose);
            await OtpActivity.RecordSendAsync(db, request, now, OtpActivity.KindOf(reason));
            return new SendOutcome.Refused(reason, until - now);
        }

        // A decoy is counted elsewhere, where it refuses nobody, so that it takes as long.
        foreach (var limit in limits)
        {
            await counters.AddAsync(db, limit.Counts ? limit.Key : $"{limit.Key}:decoys");
        }

        return await AcceptAsync(db, request, code, now);
    }

    /// <summary>Checks a typed code whose success leads to nothing else.</summary>
    /// <inheritdoc cref="VerifyAsync{T}"/>
    public async Task<VerifyOutcome> VerifyAsync(
        Identifier identifier, Purpose purpose, Binding binding, string? typed, CancellationToken cancellationToken) =>
        (await VerifyAsync(identifier, purpose, binding, typed, _ => Task.FromResult(true), cancellationToken)).Outcome;

    /// <summary>
    /// Checks a typed code. A wrong guess is committed by itself, before anything else, so that no later failure gives the attempt back.
    /// A right code, its redemption and what follows are one unit of work: all of it is on disk when this answers, or the code is still
    /// good.
    /// </summary>
    /// <param name="identifier">To whom it was sent.</param>
    /// <param name="purpose">What the code is for.</param>
    /// <param name="binding">Who enters it.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="accept">What follows from a right code. If it throws, the code is not redeemed.</param>
    /// <returns>What came of it, and of <paramref name="accept"/> where the code was right.</returns>
    public async Task<(VerifyOutcome Outcome, T? Accepted)> VerifyAsync<T>(
        Identifier identifier,
        Purpose purpose,
        Binding binding,
        string? typed,
        Func<PortalDbContext, Task<T>> accept,
        CancellationToken cancellationToken)
    {
        if (!Code.TryParse(typed, options.For(purpose), out var code))
        {
            return (Malformed(purpose), default);
        }

        var hash = hasher.Hash(purpose, identifier, binding, code);
        var now = clock.GetUtcNow();
        var (compared, outcome, accepted) = await lane.RunAsync(
            async db =>
            {
                now = clock.GetUtcNow();
                var (compared, outcome) = await CompareAsync(db, identifier, purpose, hash, now, cancellationToken);
                if (outcome is not VerifyOutcome.Verified)
                {
                    return (compared, outcome, default(T));
                }

                await OtpActivity.RecordEntryAsync(db, identifier, purpose, outcome, compared, now);
                return (compared, outcome, await accept(db));
            },
            cancellationToken);
        if (outcome is not VerifyOutcome.Verified)
        {
            // Whoever waits gets the answer in time; what is written down after it is written down all the same.
            await RecordFailureAsync(identifier, purpose, outcome, compared, now)
                .WaitAsync(RequestContext.Current.Within(WriteLane.LongestAnswer, clock), clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (outcome, accepted);
    }

    /// <summary>Refuses a typed code without comparing it, as where none was sent.</summary>
    public async Task<VerifyOutcome> RefuseAsync(
        Identifier identifier, Purpose purpose, string? typed, CancellationToken cancellationToken)
    {
        if (!Code.TryParse(typed, options.For(purpose), out _))
        {
            return Malformed(purpose);
        }

        var outcome = new VerifyOutcome.None();
        await lane.RunAsync(
            db => OtpActivity.RecordEntryAsync(db, identifier, purpose, outcome, compared: null, clock.GetUtcNow()), cancellationToken);
        return outcome;
    }

    /// <summary>Makes all codes of some identifiers worthless, and drops their messages. Strangers see no difference.</summary>
    public async Task EndAllAsync(PortalDbContext db, IReadOnlyCollection<Identifier> identifiers)
    {
        await store.EndAsync(db, identifiers);
        await outbox.DropCodesAsync(db, identifiers);
    }

    /// <summary>Whether no rule of the identifier's own codes refuses a send now.</summary>
    public async Task<bool> CanSendAsync(PortalDbContext db, Identifier identifier, Purpose purpose, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await store.FindAsync(db, identifier, purpose, now, cancellationToken) is not { } row
            || rules.NextSend(row, purpose).At <= now;
    }

    /// <summary>What the stored row says now, or null if there is none.</summary>
    public async Task<CodeStatus?> StatusAsync(Identifier identifier, Purpose purpose, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return await store.FindAsync(db, identifier, purpose, now, cancellationToken) is { } row ? rules.Status(row, purpose, now) : null;
    }

    private VerifyOutcome.Malformed Malformed(Purpose purpose) =>
        new(options.For(purpose).CodeLength, options.For(purpose).Alphabet);

    private async Task<SendOutcome> AcceptAsync(PortalDbContext db, SendRequest request, Code code, DateTimeOffset now)
    {
        var purposeRules = options.For(request.Purpose);
        await OtpActivity.RecordSendAsync(
            db, request, now, request.Message == MessageKind.Code ? ActivityEventKind.Sent : ActivityEventKind.DecoySent);
        await outbox.AcceptAsync(db, new OutboxRequest(request.Message, request.Identifier)
        {
            Purpose = request.Purpose.Name(),
            Code = code.Value,
            Channel = request.Channel,
            Recipient = request.Recipient,
            RequestedFrom = request.RequestedFrom,
            ExpiresIn = request.Message == MessageKind.AccountExists ? NoticeLifetime : purposeRules.Expiry,
        });
        return new SendOutcome.Sent(purposeRules.Cooldown, purposeRules.Expiry);
    }

    private async Task<(OtpStore.Comparison? Compared, VerifyOutcome Outcome)> CompareAsync(
        PortalDbContext db, Identifier identifier, Purpose purpose, string hash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.VerifyAsync(db, identifier, purpose, hash, options, now) is { } compared)
        {
            return (compared, rules.Outcome(compared, purpose));
        }

        var row = await store.FindAsync(db, identifier, purpose, now, cancellationToken);
        var isRedeemed = row is not null && await store.IsRedeemedAsync(db, row, hash);
        return (null, rules.Refusal(row, isRedeemed, now));
    }

    // The attempt is on disk already. Whatever fails here must neither give it back nor hide what came of it.
    private async Task RecordFailureAsync(
        Identifier identifier, Purpose purpose, VerifyOutcome outcome, OtpStore.Comparison? compared, DateTimeOffset now)
    {
        try
        {
            RequestContext.Current = RequestContext.Current with { Deadline = null };
            await lane.RunAsync(
                async db =>
                {
                    await OtpActivity.RecordEntryAsync(db, identifier, purpose, outcome, compared, now);

                    // The last guess, of which there is one for each code: right and earlier codes are not compared once it was made.
                    if (compared?.Attempts == options.For(purpose).MaxAttempts
                        && await counters.TryAddAsync(db, Mailbox.NoticeLimitOf("wrong-codes", identifier)))
                    {
                        await counters.AddAsync(db, Mailbox.LimitOf(identifier).Key);
                        var owner = await owners.FindAddressAsync(db, identifier);
                        await outbox.AcceptWrongCodesAsync(db, identifier, purpose.Name(), owner);
                    }
                },
                CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogError(failure, "A wrong code was counted, but it could not be recorded in the activity log");
        }
    }
}
