using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>
/// The row of one identifier and one purpose: what the rules have to remember, and the times of the newest code. Each code that was sent
/// is a <see cref="SentCode"/>. The row is only ever changed by the statements in <c>Otp/OtpCodesSql</c>; times are stored as Unix
/// milliseconds.
/// </summary>
public sealed class OtpCode
{
    /// <summary>The normalised email address or mobile number.</summary>
    public required string Email { get; init; }

    /// <summary><c>register</c>, <c>login</c> or <c>forgot_password</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>From this instant on the code is no longer valid.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the current code was sent; the cooldown counts from here.</summary>
    public DateTimeOffset LastSentAt { get; init; }

    /// <summary>Wrong guesses against the current code.</summary>
    public int Attempts { get; init; }

    /// <summary>When the first code of this row was sent.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the current code was redeemed; null if it was not.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>Wrong guesses in a row, across codes: the failure budget that is spent.</summary>
    public int Failures { get; init; }

    /// <summary>
    /// When the last of <see cref="Failures"/> happened. After the duration of a lock without another one, they no longer count.
    /// </summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>Start of the hour in which <see cref="HourSends"/> are counted: its first send.</summary>
    public DateTimeOffset HourStartedAt { get; init; }

    /// <summary>Sends since <see cref="HourStartedAt"/>.</summary>
    public int HourSends { get; init; }

    /// <summary>Start of the day in which <see cref="DaySends"/> are counted: its first send.</summary>
    public DateTimeOffset DayStartedAt { get; init; }

    /// <summary>Sends since <see cref="DayStartedAt"/>.</summary>
    public int DaySends { get; init; }

    /// <summary>The time from which no rule needs the row, so that the purge removes it.</summary>
    public DateTimeOffset PurgeAfter { get; init; }
}

/// <summary>The table of <see cref="OtpCode"/>.</summary>
internal sealed class OtpCodeConfiguration : IEntityTypeConfiguration<OtpCode>
{
    public void Configure(EntityTypeBuilder<OtpCode> builder)
    {
        builder.ToTable("OtpCodes").HasKey(row => new { row.Email, row.Purpose });
        builder.Property(row => row.Email).HasMaxLength(254);
        builder.Property(row => row.Purpose).HasMaxLength(20);
        builder.HasIndex(row => row.PurgeAfter);
        builder.HasIndex(row => new { row.Purpose, row.ExpiresAt, row.VerifiedAt });
    }
}
