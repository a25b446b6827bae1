using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Hosting;

namespace OtpPortal.Otp;

/// <summary>Sends and verifies codes, and reads the status between the two.</summary>
public sealed class OtpService(
    OtpStore store,
    OtpRules rules,
    CodeGenerator generator,
    CodeHasher hasher,
    Outbox outbox,
    SendCounters counters,
    FailedEntries failures,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    IOptions<OtpOptions> options,
    TimeProvider clock)
{
    /// <summary>How long a notice without a code is worth delivering.</summary>
    private static readonly TimeSpan NoticeLifetime = TimeSpan.FromHours(24);

    private readonly OtpOptions options = options.Value;

    /// <summary>Sends a code in a transaction of its own.</summary>
    public Task<SendOutcome> SendAsync(SendRequest request, CancellationToken cancellationToken) =>
        lane.RunAsync(db => SendAsync(db, request, cancellationToken), cancellationToken);

    /// <summary>
    /// Sends a code within the caller's transaction: the code and its message are stored together with the caller's other changes, or not
    /// at all.
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

        // A decoy takes the same statements as a code, with a hash that no code has, so that the time of the response reveals nothing to
        // strangers.
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

        // A decoy increments a separate counter, which refuses nobody, so that it takes the same time as a code.
        foreach (var limit in limits)
        {
            await counters.AddAsync(db, limit.Counts ? limit.Key : $"{limit.Key}:decoys");
        }

        return await AcceptAsync(db, request, code, now);
    }

    /// <summary>Checks a code without further consequences.</summary>
    /// <inheritdoc cref="VerifyAsync{T}"/>
    public async Task<VerifyOutcome> VerifyAsync(
        Identifier identifier, Purpose purpose, Binding binding, string? typed, CancellationToken cancellationToken) =>
        (await VerifyAsync(identifier, purpose, binding, typed, _ => Task.FromResult(true), cancellationToken)).Outcome;

    /// <summary>
    /// Checks a code. A wrong guess is committed first and separately, so that no later failure can undo the attempt. A correct code is
    /// redeemed in the same unit of work as its consequences: when this method returns, all of it is on disk, or the code is still valid.
    /// </summary>
    /// <param name="identifier">The address or mobile number that the code was requested for.</param>
    /// <param name="binding">The browser or program in which the code was entered.</param>
    /// <param name="accept">The consequences of a correct code. If this throws, the code is not redeemed.</param>
    /// <returns>The outcome, and the result of <paramref name="accept"/> if the code was correct.</returns>
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
            // The caller gets the outcome in time. The failure is still recorded if that takes longer.
            await failures.RecordAsync(identifier, purpose, outcome, compared, now)
                .WaitAsync(RequestContext.Current.Within(WriteLane.LongestAnswer, clock), clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (outcome, accepted);
    }

    /// <summary>Refuses a code without comparing it, with the same outcome as if no code had been sent.</summary>
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

    /// <summary>Invalidates all codes of the identifiers, and drops their messages. Strangers see no difference.</summary>
    public async Task EndAllAsync(PortalDbContext db, IReadOnlyCollection<Identifier> identifiers)
    {
        await store.EndAsync(db, identifiers);
        await outbox.DropCodesAsync(db, identifiers);
    }

    /// <summary>Whether the rules for the identifier's own codes allow a send now.</summary>
    public async Task<bool> CanSendAsync(PortalDbContext db, Identifier identifier, Purpose purpose, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await store.FindAsync(db, identifier, purpose, now, cancellationToken) is not { } row
            || rules.NextSend(row, purpose).At <= now;
    }

    /// <summary>The current status of the stored row, or null if there is none.</summary>
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
}
