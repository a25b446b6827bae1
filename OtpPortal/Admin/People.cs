using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>Reads accounts for administrators.</summary>
public sealed class People(
    IDbContextFactory<PortalDbContext> databases, PersonLocks personLocks, Sessions sessions, TimeProvider clock)
{
    public const int PageSize = 25;

    /// <summary>
    /// A search for a part looks at every account, newest first. After this time it returns what it has found, and the next page continues
    /// it.
    /// </summary>
    public static readonly TimeSpan SearchTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Accounts that one statement reads. A search can be cancelled between two statements, and none of them takes long.</summary>
    private const int Batch = 10_000;

    // Every Id sorts before this one, because Ids begin with hexadecimal digits.
    private const string End = "g";

    /// <summary>
    /// Finds people, the newest accounts first. Ids grow with time, so that an Id is also a position in the list.
    /// </summary>
    /// <param name="sought">A part of address, name, user name or mobile number, as typed; empty for everybody. A whole address or number
    /// finds only the accounts that have it.</param>
    /// <param name="before">The end of the previous page (<see cref="PeopleList.Next"/>); null for the first page.</param>
    public async Task<PeopleList> SearchAsync(string? sought, string? before, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (ids, next, stopped) = PeopleQuery.Of(sought) switch
        {
            null => Cut(await db.QueryAsync(
                AccountsSql.NewestFirst, row => row.GetString(0), ("before", before ?? End), ("most", PageSize + 1))),
            var words when before is null && await WholeAsync(db, words, cancellationToken) is { Count: > 0 and <= PageSize } whole =>
                (whole, null, false),
            var words => await ScanAsync(db, words, before ?? End, cancellationToken),
        };
        return new PeopleList(await ListAsync(db, ids, cancellationToken), next, stopped);
    }

    /// <returns>Null if there is no such account.</returns>
    public async Task<PersonDetails?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var person = await db.Users.Where(user => user.Id == id)
            .Select(user => new PersonDetails(user.Id, user.NormalizedEmail!)
            {
                FirstName = user.FirstName,
                LastName = user.LastName,
                UserName = user.NormalizedUserName == user.NormalizedEmail ? null : user.UserName,
                Mobile = user.PhoneNumber,
                IsMobileVerified = user.PhoneNumberConfirmed,
                HasPassword = user.PasswordHash != null,
                IsVerified = user.EmailConfirmed,
                IsAdmin = user.IsAdmin,
                RegisteredAt = user.RegisteredAt,
                LastSignInAt = user.LastSignInAt,
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (person is null)
        {
            return null;
        }

        var kinds = await sessions.Live(db, now).Where(session => session.UserId == id).Select(session => session.Kind)
            .ToListAsync(cancellationToken);
        var budgets = PersonIdentifiers.Of(person.Email, person.Mobile, person.IsMobileVerified);
        return person with
        {
            BrowserSessions = kinds.Count(kind => kind == SessionKind.Browser),
            ApiSessions = kinds.Count(kind => kind == SessionKind.Api),
            Locks = (await personLocks.ReadAsync(db, [budgets], cancellationToken))[budgets],
        };
    }

    // A whole address or number has an index.
    private static async Task<List<string>> WholeAsync(PortalDbContext db, PeopleQuery words, CancellationToken cancellationToken)
    {
        var (email, mobile) = (words.Email?.Value, words.Mobile?.Value);
        var users = email is not null ? db.Users.Where(user => user.NormalizedEmail == email)
            : mobile is not null ? db.Users.Where(user => user.PhoneNumber == mobile)
            : null;
        return users is null
            ? []
            : await users.OrderByDescending(user => user.Id).Select(user => user.Id).Take(PageSize + 1).ToListAsync(cancellationToken);
    }

    private static (IReadOnlyList<string> Ids, string? Next, bool IsStopped) Cut(List<string> found) =>
        found.Count > PageSize ? (found[..PageSize], found[PageSize - 1], false) : (found, null, false);

    private async Task<(IReadOnlyList<string> Ids, string? Next, bool IsStopped)> ScanAsync(
        PortalDbContext db, PeopleQuery words, string before, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        var found = new List<string>();
        while (true)
        {
            // Compared here and not by SQLite, which knows upper and lower case only for a to z.
            var looked = await db.QueryAsync(
                AccountsSql.SearchTexts,
                row => (Id: row.GetString(0), IsMatch: words.IsIn(row.GetString(1))),
                ("before", before),
                ("batch", Batch));
            found.AddRange(looked.Where(account => account.IsMatch).Select(account => account.Id).Take(PageSize + 1 - found.Count));
            if (found.Count > PageSize || looked.Count < Batch)
            {
                return Cut(found);
            }

            before = looked[^1].Id;
            if (clock.GetElapsedTime(begun) > SearchTimeout)
            {
                return (found, before, true);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<IReadOnlyList<PersonSummary>> ListAsync(
        PortalDbContext db, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var users = await db.Users.Where(user => ids.Contains(user.Id)).OrderByDescending(user => user.Id)
            .Select(user => new
            {
                user.Id,
                Email = user.NormalizedEmail!,
                user.FirstName,
                user.LastName,
                user.PhoneNumber,
                user.PhoneNumberConfirmed,
                user.EmailConfirmed,
                user.IsAdmin,
                user.RegisteredAt,
                user.LastSignInAt,
            })
            .ToListAsync(cancellationToken);
        var budgets = users.ToDictionary(
            user => user.Id, user => PersonIdentifiers.Of(user.Email, user.PhoneNumber, user.PhoneNumberConfirmed));
        var locks = await personLocks.ReadAsync(db, [.. budgets.Values], cancellationToken);
        return
        [
            .. users.Select(user => new PersonSummary(
                user.Id,
                user.Email,
                $"{user.FirstName} {user.LastName}".Trim(),
                user.EmailConfirmed,
                user.IsAdmin,
                locks[budgets[user.Id]].Count > 0,
                user.RegisteredAt,
                user.LastSignInAt)),
        ];
    }
}
