using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>What has become of a code that was sent.</summary>
public enum SentCodeState
{
    /// <summary>It is the newest, and redeems once.</summary>
    Waiting = 0,

    /// <summary>A newer one took its place.</summary>
    Superseded = 1,

    /// <summary>It was entered.</summary>
    Redeemed = 2,

    /// <summary>It was made worthless: a newer one was redeemed, or all codes of the identifier were ended.</summary>
    Revoked = 3,
}

/// <summary>One code that was sent. It is only ever changed by the statements in <c>Otp/SentCodesSql</c>.</summary>
public sealed class SentCode
{
    public long Id { get; init; }

    /// <summary>The normalised email address or mobile number.</summary>
    public required string Identifier { get; init; }

    /// <summary><c>register</c>, <c>login</c> or <c>forgot_password</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The challenge of the browser or program that may enter it; empty for anybody.</summary>
    public required string Binding { get; init; }

    /// <summary>HMAC-SHA256 in hexadecimal; random where no code may match.</summary>
    public required string Hash { get; init; }

    public DateTimeOffset SentAt { get; init; }

    /// <summary>From this instant on the code is no longer valid.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Wrong guesses while it was the newest.</summary>
    public int Attempts { get; init; }

    public SentCodeState State { get; init; }
}

/// <summary>The table of <see cref="SentCode"/>.</summary>
internal sealed class SentCodeConfiguration : IEntityTypeConfiguration<SentCode>
{
    public void Configure(EntityTypeBuilder<SentCode> builder)
    {
        builder.ToTable("SentCodes");
        builder.Property(row => row.Identifier).HasMaxLength(254);
        builder.Property(row => row.Purpose).HasMaxLength(20);

        // The codes of a row go with it.
        builder.HasOne<OtpCode>().WithMany().HasForeignKey(row => new { row.Identifier, row.Purpose }).OnDelete(DeleteBehavior.Cascade);
    }
}
