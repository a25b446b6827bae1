using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>
/// The data of a registration, until a code verifies the address or a day has passed. It is stored separately from accounts, also for an
/// address that has one, so that it does not reveal whether there is an account.
/// </summary>
public sealed class PendingRegistration
{
    /// <summary>The normalised address.</summary>
    public required string Email { get; init; }

    /// <summary>The challenge of the browser or program that registers; empty for programs without one, which share the row.</summary>
    public required string Binding { get; init; }

    /// <summary>Recognises the registrant. It becomes the account's password unless the registration is contested.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>
    /// Whether two registrants without a binding chose different passwords. Nobody can know which of them is the owner, so that nothing
    /// that they typed becomes part of the account.
    /// </summary>
    public bool IsContested { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    public string? UserName { get; set; }

    /// <summary>In E.164, and not verified.</summary>
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
