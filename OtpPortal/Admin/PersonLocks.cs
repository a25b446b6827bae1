using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Admin;

/// <summary>Reads which failure budgets of people are spent: of codes, and of passwords.</summary>
public sealed class PersonLocks(CodeLocks codes, PasswordThrottle passwords)
{
    internal async Task<Dictionary<PersonIdentifiers, IReadOnlyList<PersonLock>>> ReadAsync(
        PortalDbContext db, IReadOnlyCollection<PersonIdentifiers> people, CancellationToken cancellationToken)
    {
        var ofCodes = (await codes.FindAsync(db, [.. people.SelectMany(person => person.Addresses)], cancellationToken)).ToLookup(
            locked => locked.Address);
        var ofPasswords = await passwords.LocksAsync(db, [.. people.Select(person => person.Email.Value)], cancellationToken);
        return people.ToDictionary(person => person, Of);

        IReadOnlyList<PersonLock> Of(PersonIdentifiers person)
        {
            List<PersonLock> locks =
            [
                .. ofCodes[person.Email.Value].Select(locked => new PersonLock(locked.Purpose.Name(), ByMobile: false, locked.Until)),
                .. person.Mobile is null
                    ? []
                    : ofCodes[person.Mobile.Value].Where(locked => person.OfMobile is null || locked.Purpose == person.OfMobile)
                        .Select(locked => new PersonLock(locked.Purpose.Name(), ByMobile: true, locked.Until)),
            ];
            if (ofPasswords.TryGetValue(person.Email.Value, out var until))
            {
                locks.Add(new PersonLock(Purpose: null, ByMobile: false, until));
            }

            return locks;
        }
    }
}
