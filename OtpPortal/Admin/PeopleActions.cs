using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Activity;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Admin;

/// <summary>What came of what an administrator did to an account.</summary>
public enum PersonOutcome
{
    /// <summary>It is done and noted.</summary>
    Done,

    /// <summary>There was nothing to do, and nothing was changed.</summary>
    NoChange,

    /// <summary>There is no such account any more.</summary>
    NotFound,

    /// <summary>Who did it is no administrator any more.</summary>
    NotAllowed,

    /// <summary>The account is an administrator's: that must be taken away first.</summary>
    IsAdmin,

    /// <summary>No code may be sent now, for the reason that holds for the person too.</summary>
    Refused,
}

/// <summary>What administrators may do to an account. Each is noted with their address, in the transaction in which it is done.</summary>
public sealed class PeopleActions(
    OtpService otp, OtpStore codes, AccessRevocation revocation, AccountDeletion deletion, WriteLane lane, TimeProvider clock)
{
    /// <summary>What stands in a mail in the place of the browser that asked for a code.</summary>
    private const string Administration = "the portal's administration";

    /// <summary>
    /// Ends everything by which somebody could be in a person's account, or get into it without the password: sessions, codes that are on
    /// their way, reset tickets.
    /// </summary>
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

    /// <summary>Gives a person all failure budgets back: of codes and of passwords. The cooldown and the numbers of sends stay.</summary>
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
    /// Sends the code of a registration again, for the browser that registered: the person's own open page accepts it, and what was typed
    /// there is kept. The rules for codes hold.
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

    /// <summary>Deletes an account with all that belongs to it. The activity log keeps what it has.</summary>
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
            // Asked again here: the role may have been taken since the request came.
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
