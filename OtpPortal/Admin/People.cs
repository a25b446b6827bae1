using Microsoft.EntityFrameworkCore;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Admin;

/// <summary>An account in a list.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">Its address.</param>
/// <param name="Name">First and last name; empty where none was given.</param>
/// <param name="IsVerified">Whether a code was entered.</param>
/// <param name="IsAdmin">Whether the person is an administrator.</param>
/// <param name="IsLocked">Whether a failure budget is spent.</param>
/// <param name="RegisteredAt">When it was registered.</param>
/// <param name="LastSignInAt">When the person last signed in.</param>
public sealed record PersonSummary(
    string Id, string Email, string Name, bool IsVerified, bool IsAdmin, bool IsLocked, DateTimeOffset RegisteredAt,
        DateTimeOffset? LastSignInAt);

/// <summary>A page of a list.</summary>
/// <param name="People">The newest account first.</param>
/// <param name="Next">The account before which the list goes on; null at its end.</param>
/// <param name="IsStopped">Whether the search was stopped because it took too long: there may be more people before
/// <paramref name="Next"/>, or none.</param>
public sealed record PeopleList(IReadOnlyList<PersonSummary> People, string? Next, bool IsStopped);

/// <summary>What the portal knows of a person. No password, code or token is in it, nor a hash of one.</summary>
public sealed record PersonDetails(string Id, string Email)
{
    /// <summary>As typed by the registrant.</summary>
    public string? FirstName { get; init; }

    /// <summary>As typed by the registrant.</summary>
    public string? LastName { get; init; }

    /// <summary>The chosen user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>In E.164, or null.</summary>
    public string? Mobile { get; init; }

    /// <summary>Whether a code to the mobile number was entered.</summary>
    public bool IsMobileVerified { get; init; }

    /// <summary>Whether there is a password. Nobody learns more about it.</summary>
    public bool HasPassword { get; init; }

    /// <summary>Whether a code to the address was entered.</summary>
    public bool IsVerified { get; init; }

    /// <summary>Whether the person is an administrator.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>When the account was registered.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When the person last signed in.</summary>
    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Browsers that are signed in now.</summary>
    public int BrowserSessions { get; init; }

    /// <summary>Programs that are signed in now.</summary>
    public int ApiSessions { get; init; }

    /// <summary>What is locked now.</summary>
    public IReadOnlyList<PersonLock> Locks { get; init; } = [];
}

/// <summary>A failure budget that is spent.</summary>
/// <param name="Purpose">The purpose of the codes; null for passwords.</param>
/// <param name="ByMobile">Whether it is about the mobile number, and not the address.</param>
/// <param name="Until">When the lock is over.</param>
public sealed record PersonLock(string? Purpose, bool ByMobile, DateTimeOffset Until);

/// <summary>The accounts, for administrators to look at.</summary>
public sealed class People(
    IDbContextFactory<PortalDbContext> databases, OtpService otp, PasswordThrottle passwords, Sessions sessions, TimeProvider clock)
{
    /// <summary>Accounts on a page.</summary>
    public const int PageSize = 25;

    /// <summary>
    /// A search for a part looks at every account, newest first. After this time it stops with what it has, and can be told to go
    /// on.
    /// </summary>
    public static readonly TimeSpan SearchTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Accounts that are looked at in one statement: between two of them a search can be given up, and no reading goes on for
    /// long.
    /// </summary>
    private const int Batch = 10_000;

    private const string EverybodySql = "SELECT Id FROM AspNetUsers WHERE Id < @before ORDER BY Id DESC LIMIT @most";

    // One text for each account, its parts on lines of their own: a match goes over no border.
    private const string TextSql = """
        SELECT Id, NormalizedEmail || char(10) || COALESCE(FirstName, '') || ' ' || COALESCE(LastName, '') || char(10) || NormalizedUserName || char(10) || COALESCE(PhoneNumber, '')
        FROM AspNetUsers WHERE Id < @before ORDER BY Id DESC LIMIT @batch
        """;

    // Before this Id come all: the names of accounts begin with hexadecimal digits.
    private const string End = "g";

    /// <summary>
    /// Finds people, those whose accounts were made last first: the names of accounts grow with time, so that they are the place
    /// in the list too.
    /// </summary>
    /// <param name="sought">A part of address, name, user name or mobile number, as typed; empty for everybody. A whole address or number
    /// finds its own accounts alone.</param>
    /// <param name="before">Where the page before ended (<see cref="PeopleList.Next"/>); null for the first one.</param>
    public async Task<PeopleList> SearchAsync(string? sought, string? before, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (ids, next, stopped) = PeopleQuery.Of(sought) switch
        {
            null => Cut(await db.QueryAsync(EverybodySql, row => row.GetString(0), ("before", before ?? End), ("most", PageSize + 1))),
            var words when before is null && await WholeAsync(db, words, cancellationToken) is { Count: > 0 and <= PageSize } whole =>
                (whole, null, false),
            var words => await ScanAsync(db, words, before ?? End, cancellationToken),
        };
        return new PeopleList(await ListAsync(db, ids, cancellationToken), next, stopped);
    }

    /// <summary>Looks at one person.</summary>
    /// <param name="id">The account.</param>
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
            Locks = (await LocksAsync(db, [budgets], cancellationToken))[budgets],
        };
    }

    // What is whole has an index. The two cannot be confused: only one of them has an @.
    private static async Task<List<string>> WholeAsync(PortalDbContext db, PeopleQuery words, CancellationToken cancellationToken)
    {
        var (email, mobile) = (words.Email, words.Mobile);
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
            // Compared here and not by SQLite, which knows the upper and lower case of a to z only.
            var looked = await db.QueryAsync(
                TextSql, row => (Id: row.GetString(0), IsMatch: words.IsIn(row.GetString(1))), ("before", before), ("batch", Batch));
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
        var locks = await LocksAsync(db, [.. budgets.Values], cancellationToken);
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

    private async Task<Dictionary<PersonIdentifiers, IReadOnlyList<PersonLock>>> LocksAsync(
        PortalDbContext db, IReadOnlyCollection<PersonIdentifiers> budgets, CancellationToken cancellationToken)
    {
        var ofCodes = (await otp.LocksAsync(db, [.. budgets.SelectMany(budget => budget.Addresses)], cancellationToken)).ToLookup(
            locked => locked.Address);
        var ofPasswords = await passwords.LocksAsync(db, [.. budgets.Select(budget => budget.Email)], cancellationToken);
        return budgets.ToDictionary(budget => budget, Of);

        IReadOnlyList<PersonLock> Of(PersonIdentifiers budget)
        {
            List<PersonLock> locks =
            [
                .. ofCodes[budget.Email].Select(locked => new PersonLock(locked.Purpose.Name(), ByMobile: false, locked.Until)),
                .. budget.Mobile is null
                    ? []
                    : ofCodes[budget.Mobile].Where(locked => budget.OfMobile is null || locked.Purpose == budget.OfMobile)
                        .Select(locked => new PersonLock(locked.Purpose.Name(), ByMobile: true, locked.Until)),
            ];
            if (ofPasswords.TryGetValue(budget.Email, out var until))
            {
                locks.Add(new PersonLock(Purpose: null, ByMobile: false, until));
            }

            return locks;
        }
    }
}
