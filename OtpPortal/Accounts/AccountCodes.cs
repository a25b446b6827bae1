using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Sends and checks the codes of people, for the pages and the API alike.</summary>
public sealed class AccountCodes(
    OtpService otp, IEnumerable<ICodeHandler> handlers, WriteLane lane, IOptions<PortalSignInOptions> signIn, IOptions<OtpOptions> options)
{
    private readonly Dictionary<CodeUse, ICodeHandler> handlers = handlers.ToDictionary(handler => handler.Use);

    /// <summary>Whether a code signs a person in without a password.</summary>
    public bool CodeAloneSuffices => signIn.Value.SecondFactor == SecondFactor.None;

    /// <summary>Sends a first or further code. Identifiers without an account are handled in the same way.</summary>
    public async Task<CodeRequestOutcome> RequestAsync(CodeRequest request, CancellationToken cancellationToken)
    {
        if (handlers[request.Use].Check(request) is { } error)
        {
            return new CodeRequestOutcome.Invalid(error);
        }

        return await lane.RunAsync(
            async db => await IsRevealedAsUnknownAsync(db, request, cancellationToken)
                ? new CodeRequestOutcome.Unknown(request.Identifier)
                : await SendAsync(db, request, cancellationToken),
            cancellationToken);
    }

    /// <summary>Sends a code within the caller's unit of work.</summary>
    public async Task<CodeRequestOutcome> SendAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken)
    {
        var prepared = await handlers[request.Use].PrepareAsync(db, request, cancellationToken);
        return prepared.Refusal ?? CodeRequestOutcome.Of(await otp.SendAsync(db, prepared.Send!, cancellationToken));
    }

    /// <summary>
    /// Checks a code. A correct code is redeemed in the same unit of work as its consequences. A wrong guess is committed separately.
    /// </summary>
    public async Task<CodeEntryOutcome> EnterAsync(CodeEntry entry, CancellationToken cancellationToken)
    {
        var handler = handlers[entry.Use];
        if (!await handler.MayCompareAsync(entry, cancellationToken))
        {
            return new CodeEntryOutcome.Refused(
                await otp.RefuseAsync(entry.Identifier, entry.Use.Purpose(), entry.Typed, cancellationToken));
        }

        try
        {
            var (outcome, accepted) = await otp.VerifyAsync(
                entry.Identifier,
                entry.Use.Purpose(),
                handler.Bind(entry),
                entry.Typed,
                db => handler.AcceptAsync(db, entry),
                cancellationToken);
            return accepted ?? new CodeEntryOutcome.Refused(outcome);
        }
        catch (CodeKeptException kept)
        {
            return kept.Outcome;
        }
    }

    // Whoever must be signed in has an account.
    private async Task<bool> IsRevealedAsUnknownAsync(PortalDbContext db, CodeRequest request, CancellationToken cancellationToken) =>
        options.Value.RevealUnknownAccounts
        && !request.Use.RequiresSignIn()
        && !await AccountLookup.IsKnownAsync(db, request.Identifier, cancellationToken);
}
