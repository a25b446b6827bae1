using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>
/// Wrong passwords in a row for one address. The row is separate from the account, so that an address without one takes the same statements
/// and the same time.
/// </summary>
public sealed class PasswordFailures
{
    /// <summary>The normalised address.</summary>
    public required string Email { get; init; }

    /// <summary>Attempts since the last success.</summary>
    public int Failures { get; init; }

    /// <summary>When the last of them happened.</summary>
    public DateTimeOffset LastFailureAt { get; init; }
}

/// <summary>The table of <see cref="PasswordFailures"/>.</summary>
internal sealed class PasswordFailuresConfiguration : IEntityTypeConfiguration<PasswordFailures>
{
    public void Configure(EntityTypeBuilder<PasswordFailures> builder)
    {
        builder.ToTable("PasswordFailures").HasKey(row => row.Email);
        builder.HasIndex(row => row.LastFailureAt);
    }
}
