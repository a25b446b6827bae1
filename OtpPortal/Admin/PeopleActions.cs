using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Admin;

/// <summary>The outcome of an administrator's action.</summary>
public enum PersonOutcome
{
    /// <summary>The action was done and recorded.</summary>
    Done,

    /// <summary>There was nothing to do, and nothing was changed.</summary>
    NoChange,

    /// <summary>The account no longer exists.</summary>
    NotFound,

    /// <summary>The person who acts is no longer an administrator.</summary>
    NotAllowed,

    /// <summary>The account belongs to an administrator. The role must be revoked first.</summary>
    IsAdmin,

    /// <summary>The limits for codes do not allow another one now.</summary>
    Refused,
}

/// <summary>What administrators may do to an account. Each is noted with their address, in the transaction in which it is done.</summary>
public sealed class PeopleActions(
    OtpService otp, OtpStore codes, AccessRevocation revocation, AccountDeletion deletion, WriteLane lane, TimeProvider clock)
{
    /// <summary>The mail names this instead of the browser that requested a code.</summary>
    private const string Administration = "the portal's administration";

    /// <summary>Ends all access to an account except by its password: sessions, codes that were not entered yet, reset tickets.</summary>
    /// <param name="id">The account.</param>
    /// <param name="by">The administrator's account.</param>
    public Task<PersonOutcome> EndSessionsAsync(string id, string by, CancellationToken cancellationToken) => ActAsync(
        id,
        by,
        async (db, person, administrator) =>
        {
            await revocation.RevokeAllAsync(db, person);
            await RecordAsync(db, ActivityEventKind.SessionsEnded, person, administrator);
            return PersonOutcome.Done;
        },
        cancellationToken);

    /// <summary>Resets all failure budgets of a person, of codes and of passwords. The cooldown and the counts of sends stay.</summary>
    /// <inheritdoc cref="EndSessionsAsync"/>
    public Task<PersonOutcome> UnlockAsync(string id, string by, CancellationToken cancellationToken) => ActAsync(
        id,
        by,
        async (db, person, administrator) =>
        {
            var budget = PersonIdentifiers.Of(person);
            var cleared = await codes.UnlockAsync(db, budget.Email, purpose: null);
            cleared += budget.Mobile is null ? 0 : await codes.UnlockAsync(db, budget.Mobile, budget.OfMobile);
            if (!await PasswordThrottle.ClearAsync(db, budget.Email) && cleared == 0)
            {
                return PersonOutcome.NoChange;
            }

            await RecordAsync(db, ActivityEventKind.Unlocked, person, administrator);
            return PersonOutcome.Done;
        },
        cancellationToken);

    /// <summary>
    /// Sends the code of a registration again, bound to the browser that registered: the page that the person left open accepts it. The
    /// limits for codes apply.
    /// </summary>
    /// <param name="email">The address.</param>
    /// <param name="binding">The browser that registered.</param>
    /// <param name="by">The administrator's account.</param>
    public Task<PersonOutcome> ResendAsync(
        EmailAddress email, string binding, string by, CancellationToken cancellationToken) => lane.RunAsync(
        async db =>
        {
            var requester = new Requester(Binding.FromChallenge(binding) ?? Binding.None, Administration);
            if (await FindAdministratorAsync(db, by, cancellationToken) is not { } administrator)
            {
                return PersonOutcome.NotAllowed;
            }

            if (await AccountLookup.Find(db, email).AnyAsync(cancellationToken))
            {
                return PersonOutcome.NoChange;
            }

            if (await PendingRegistrations.FindAsync(db, email, requester.Binding) is null)
            {
                return PersonOutcome.NotFound;
            }

            var request = new SendRequest(email, Purpose.Register, requester) { RequestedBy = administrator };
            return await otp.SendAsync(db, request, CancellationToken.None) is SendOutcome.Sent
                ? PersonOutcome.Done
                : PersonOutcome.Refused;
        },
        cancellationToken);

    /// <summary>Deletes an account and everything that belongs to it, except its events in the activity log.</summary>
    /// <inheritdoc cref="EndSessionsAsync"/>
    public Task<PersonOutcome> DeleteAsync(string id, string by, CancellationToken cancellationToken) => ActAsync(
        id,
        by,
        async (db, person, administrator) =>
        {
            // So nobody deletes their own account either: whoever does this is an administrator.
            if (person.IsAdmin)
            {
                return PersonOutcome.IsAdmin;
            }

            await deletion.DeleteAsync(db, person);
            await RecordAsync(db, ActivityEventKind.AccountDeleted, person, administrator);
            return PersonOutcome.Done;
        },
        cancellationToken);

    private Task<PersonOutcome> ActAsync(
        string id, string by, Func<PortalDbContext, PortalUser, string, Task<PersonOutcome>> act, CancellationToken cancellationToken) =>
            lane.RunAsync(
        async db =>
        {
            // The role is checked inside the transaction, because it may have been revoked since the request was authorised.
            if (await FindAdministratorAsync(db, by, cancellationToken) is not { } administrator)
            {
                return PersonOutcome.NotAllowed;
            }

            return await db.Users.SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is { } person
                ? await act(db, person, administrator)
                : PersonOutcome.NotFound;
        },
        cancellationToken);

    private static Task<string?> FindAdministratorAsync(PortalDbContext db, string id, CancellationToken cancellationToken) =>
        db.Users.Where(user => user.Id == id && user.IsAdmin).Select(user => user.NormalizedEmail).SingleOrDefaultAsync(cancellationToken);

    private Task RecordAsync(PortalDbContext db, ActivityEventKind kind, PortalUser person, string administrator) =>
        db.RecordAsync(new() { At = clock.GetUtcNow(), Kind = kind, Address = person.NormalizedEmail!, Detail = administrator });
}
