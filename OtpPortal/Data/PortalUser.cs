using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>
/// An account. It is created when a code that was sent to its address is entered; until then there is only a
/// <see cref="PendingRegistration"/>.
/// </summary>
public sealed class PortalUser : IdentityUser
{
    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    /// <summary>When the registration was sent, before its code was entered.</summary>
    public DateTimeOffset RegisteredAt { get; set; }

    /// <summary>SHA-256 of the ticket that allows one new password, in hexadecimal; null when there is none.</summary>
    public string? ResetTicketHash { get; set; }

    /// <summary>The time from which the ticket is no longer valid.</summary>
    public DateTimeOffset? ResetTicketExpiresAt { get; set; }

    public bool IsAdmin { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>The address, which is proven.</summary>
    [NotMapped]
    public EmailAddress EmailAddress => EmailAddress.FromStored(NormalizedEmail!);

    /// <summary>The mobile number, if a code that was sent to it has proven it.</summary>
    [NotMapped]
    public MobileNumber? VerifiedMobile =>
        this is { PhoneNumberConfirmed: true, PhoneNumber: { } number } ? MobileNumber.FromStored(number) : null;
}

/// <summary>The table of <see cref="PortalUser"/>.</summary>
internal sealed class PortalUserConfiguration : IEntityTypeConfiguration<PortalUser>
{
    public void Configure(EntityTypeBuilder<PortalUser> builder)
    {
        // The database, and not an earlier read, decides that an address has one account.
        builder.HasIndex(row => row.NormalizedEmail).IsUnique().HasDatabaseName("EmailIndex");

        // A verified number belongs to one account. Any number of accounts may name a number that is not verified.
        builder.HasIndex(row => row.PhoneNumber, "IX_AspNetUsers_PhoneNumber");
        builder.HasIndex(row => row.PhoneNumber, "VerifiedNumberIndex").IsUnique().HasFilter("\"PhoneNumberConfirmed\"");
    }
}
