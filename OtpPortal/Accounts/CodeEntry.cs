using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>A code that a person entered.</summary>
/// <param name="Identifier">The address or mobile number that the code was requested for.</param>
/// <param name="Typed">The code as typed, not validated yet.</param>
/// <param name="Binding">The browser or program in which the code was entered.</param>
public sealed record CodeEntry(CodeUse Use, Identifier Identifier, string? Typed, Binding Binding)
{
    /// <summary>The session to begin; null for none.</summary>
    public SessionRequest? Session { get; init; }

    /// <summary>The signed-in account, if it verifies its own mobile number.</summary>
    public string? AccountId { get; init; }

    /// <summary>The token that the correct password yielded, if a code is the second factor.</summary>
    public string? LoginToken { get; init; }

    /// <summary>Whether to move the mobile number from another account to this one.</summary>
    public bool MovesNumber { get; init; }

    public override string ToString() => "******";
}
