using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>A request for a code, the first one or one more.</summary>
/// <param name="Use">What the code is for.</param>
/// <param name="Identifier">Who is to get it.</param>
/// <param name="Requester">Who may enter it.</param>
public sealed record CodeRequest(CodeUse Use, Identifier Identifier, Requester Requester)
{
    /// <summary>How the code travels; null for the usual way.</summary>
    public string? Channel { get; init; }

    /// <summary>The account that is signed in, which proves a mobile number of its own.</summary>
    public string? AccountId { get; init; }

    /// <summary>What the right password yielded, where the code is a second factor.</summary>
    public string? LoginToken { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => $"code request {Use}";
}
