using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>
/// What somebody typed who registers an address, until a code proves the address or a day has passed. It is kept apart from the accounts,
/// and for an address that has
/// an account in the same way, so that nobody learns from it whether there is one.
/// </summary>
public sealed class PendingRegistration
{
    /// <summary>The normalised address.</summary>
    public required string Email { get; init; }

    /// <summary>The challenge of the browser or program that registers; empty for programs without one, which share the row.</summary>
    public required string Binding { get; init; }

    /// <summary>Answers whoever registered. It becomes the account's password unless the registration is contested.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>
    /// Whether two registrants without a binding typed different passwords: nobody can say which of them the owner is, so nothing that
    /// was typed becomes the account's.
    /// </summary>
    public bool IsContested { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public string? UserName { get; set; }

    /// <summary>In E.164, and not proven.</summary>
    public string? Mobile { get; set; }

    public DateTimeOffset RegisteredAt { get; set; }
}

/// <summary>The table of <see cref="PendingRegistration"/>.</summary>
internal sealed class PendingRegistrationConfiguration : IEntityTypeConfiguration<PendingRegistration>
{
    public void Configure(EntityTypeBuilder<PendingRegistration> builder)
    {
        builder.ToTable("PendingRegistrations").HasKey(row => new { row.Email, row.Binding });
        builder.HasIndex(row => row.RegisteredAt);
    }
}
