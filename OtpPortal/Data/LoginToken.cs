using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>The proof of a right password, for the second factor. The code that follows is bound to it.</summary>
public sealed class LoginToken
{
    /// <summary>SHA-256 of the token, in hexadecimal. The token itself is not stored.</summary>
    public required string TokenHash { get; init; }

    public required string UserId { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The table of <see cref="LoginToken"/>.</summary>
internal sealed class LoginTokenConfiguration : IEntityTypeConfiguration<LoginToken>
{
    public void Configure(EntityTypeBuilder<LoginToken> builder)
    {
        builder.ToTable("LoginTokens").HasKey(row => row.TokenHash);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => row.ExpiresAt);
    }
}
