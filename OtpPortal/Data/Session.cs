using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OtpPortal.Data;

/// <summary>A session of a browser or of a program. It ends when its row is deleted, whatever cookies and tokens still exist.</summary>
public sealed class Session
{
    /// <summary>A UUID of version 7 in hexadecimal. The cookie contains it, and access tokens contain it as <c>sid</c>.</summary>
    public required string Id { get; init; }

    public required string UserId { get; init; }

    public SessionKind Kind { get; init; }

    /// <summary>How the person signed in: <c>password</c>, <c>code</c> or <c>password and code</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The family of the browser, or empty.</summary>
    public string Browser { get; init; } = "";

    /// <summary>The network address from which the person signed in.</summary>
    public string Client { get; init; } = "";

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Written every five minutes at most.</summary>
    public DateTimeOffset LastUsedAt { get; set; }

    /// <summary>The time at which the session ends, however often it is used.</summary>
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The table of <see cref="Session"/>.</summary>
internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(row => row.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => row.ExpiresAt);
        builder.HasIndex(row => new { row.Kind, row.LastUsedAt });
    }
}

/// <summary>Who holds a session. Stored by number: never renumber.</summary>
public enum SessionKind
{
    /// <summary>A browser, by a cookie.</summary>
    Browser = 0,

    /// <summary>A program, by access and refresh tokens.</summary>
    Api = 1,
}
