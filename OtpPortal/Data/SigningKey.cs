using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>A key pair on P-256 that access tokens are signed with. Only its private half is a secret, and it is protected.</summary>
public sealed class SigningKey
{
    /// <summary>The name in tokens and in the key set: the thumbprint of the public half (RFC 7638).</summary>
    public required string Kid { get; init; }

    /// <summary>The public point's first coordinate, in base64url (RFC 7518 §6.2.1).</summary>
    public required string X { get; init; }

    /// <summary>The public point's second coordinate.</summary>
    public required string Y { get; init; }

    /// <summary>The private half (PKCS #8), under Data Protection.</summary>
    public required string ProtectedKey { get; init; }

    /// <summary>The rotation of keys follows from this time.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The table of <see cref="SigningKey"/>.</summary>
internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder) => builder.ToTable("SigningKeys").HasKey(row => row.Kid);
}
