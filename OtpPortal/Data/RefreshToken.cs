using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>A refresh token of an API client. It works once.</summary>
public sealed class RefreshToken
{
    /// <summary>SHA-256 of the token, in hexadecimal. The token itself is not stored.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The session that the token continues. The row is deleted with the session.</summary>
    public required string SessionId { get; init; }

    /// <summary>When the token was used. A second use means that it was copied.</summary>
    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>The table of <see cref="RefreshToken"/>.</summary>
internal sealed class RefreshTokenConfiguration : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> builder)
    {
        builder.ToTable("RefreshTokens").HasKey(row => row.TokenHash);
        builder.HasOne<Session>().WithMany().HasForeignKey(row => row.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
