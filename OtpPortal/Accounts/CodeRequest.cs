using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>A request for a first or further code.</summary>
/// <param name="Identifier">The address or mobile number that the code belongs to.</param>
/// <param name="Requester">Who may enter the code.</param>
public sealed record CodeRequest(CodeUse Use, Identifier Identifier, Requester Requester)
{
    /// <summary>The channel; null for the default.</summary>
    public string? Channel { get; init; }

    /// <summary>The signed-in account, if it verifies its own mobile number.</summary>
    public string? AccountId { get; init; }

    /// <summary>The token that the correct password yielded, if a code is the second factor.</summary>
    public string? LoginToken { get; init; }

    /// <summary>Omits the token, so that no log contains it.</summary>
    public override string ToString() => $"code request {Use}";
}
