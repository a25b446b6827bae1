using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>A code that a person entered.</summary>
/// <param name="Use">What it is for.</param>
/// <param name="Identifier">To whom it was sent.</param>
/// <param name="Typed">As typed.</param>
/// <param name="Binding">The browser or program in which it is entered.</param>
public sealed record CodeEntry(CodeUse Use, Identifier Identifier, string? Typed, Binding Binding)
{
    /// <summary>The session that begins with it; null for none.</summary>
    public SessionRequest? Session { get; init; }

    /// <summary>The account that is signed in, which proves a mobile number of its own.</summary>
    public string? AccountId { get; init; }

    /// <summary>What the right password yielded, where the code is a second factor.</summary>
    public string? LoginToken { get; init; }

    /// <summary>Whether a mobile number that another account has is to be moved to this one.</summary>
    public bool MovesNumber { get; init; }

    /// <summary>Without the code.</summary>
    public override string ToString() => "******";
}
