using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;

namespace OtpPortal.Admin;

/// <summary>A registration whose code was not entered yet.</summary>
/// <param name="Binding">The browser that registered.</param>
/// <param name="Name">First and last name; empty where none was given.</param>
/// <param name="HasAccount">Whether the address has an account, so that the registration will not create one.</param>
public sealed record RegistrationSummary(string Email, string Binding, string Name, DateTimeOffset RegisteredAt, bool HasAccount);

/// <summary>Reads the registrations of the last day whose code was not entered yet.</summary>
internal sealed class RegistrationList(IDbContextFactory<PortalDbContext> databases)
{
    /// <summary>The purpose for which a registration is protected in the form that resends its code.</summary>
    public const string ProtectionPurpose = "registration";

    public const int MaxShown = 25;

    /// <summary>The number of newest registrations that a search looks at.</summary>
    private const int Searched = 2_000;

    /// <summary>The newest registrations, or the newest that match.</summary>
    /// <param name="sought">A part of address or name, as typed; empty for all.</param>
    public async Task<IReadOnlyList<RegistrationSummary>> NewestAsync(string? sought, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var words = PeopleQuery.Of(sought);
        var rows = await db.PendingRegistrations.AsNoTracking()
            .OrderByDescending(row => row.RegisteredAt)
            .Take(words is null ? MaxShown : Searched)
            .Select(row => new RegistrationSummary(
                row.Email,
                row.Binding,
                ((row.FirstName ?? "") + " " + (row.LastName ?? "")).Trim(),
                row.RegisteredAt,
                db.Users.Any(user => user.NormalizedEmail == row.Email)))
            .ToListAsync(cancellationToken);
        return words is null ? rows : [.. rows.Where(row => words.IsIn($"{row.Email}\n{row.Name}")).Take(MaxShown)];
    }
}
