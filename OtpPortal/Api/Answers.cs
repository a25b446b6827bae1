using System.Text.Json.Serialization;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>A code was sent. The response is the same for an address without an account.</summary>
/// <param name="Message">A message for people.</param>
/// <param name="CooldownSeconds">Seconds until the next code may be requested.</param>
/// <param name="ExpiresInSeconds">Seconds until the code expires.</param>
internal sealed record CodeSentResponse(string Message, int CooldownSeconds, int ExpiresInSeconds)
{
    internal static CodeSentResponse Of(string message, SendOutcome.Sent sent) =>
        new(message, sent.Cooldown.CeilingSeconds(), sent.ExpiresIn.CeilingSeconds());
}

/// <summary>The sign-in is not complete: a code was requested, or must follow the password.</summary>
/// <param name="Message">A message for people.</param>
/// <param name="OtpRequired">Always true: send the same request again with <c>otp</c>.</param>
/// <param name="CooldownSeconds">Seconds until the next code may be requested.</param>
/// <param name="ExpiresInSeconds">Seconds until the code expires; null if it was sent for an earlier request.</param>
internal sealed record OtpRequiredResponse(string Message, bool OtpRequired, int CooldownSeconds, int? ExpiresInSeconds)
{
    /// <summary>
    /// The token to send with the code within ten minutes, after a correct password. It proves that the code continues this sign-in.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? LoginToken { get; init; }

    public override string ToString() => "******";
}

/// <summary>The request was successful.</summary>
/// <param name="Message">A message for people.</param>
internal sealed record DoneResponse(string Message);

/// <summary>The person is signed in.</summary>
/// <param name="Token">The access token, a JWT.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresInSeconds">Seconds until the access token expires.</param>
/// <param name="RefreshToken">The refresh token, which can be exchanged for the next pair of tokens once.</param>
/// <param name="FirstName">The person's first name, or null.</param>
/// <param name="LastName">The person's last name, or null.</param>
/// <param name="Email">The person's email address.</param>
/// <param name="LoginAt">When the person signed in, in seconds since 1970-01-01 UTC.</param>
internal sealed record LoginResponse(
    string Token, string TokenType, int ExpiresInSeconds, string RefreshToken, string? FirstName, string? LastName, string Email,
        long LoginAt)
{
    public override string ToString() => "******";
}

/// <summary>The next pair of tokens.</summary>
/// <param name="Token">The access token, a JWT.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresInSeconds">Seconds until the access token expires.</param>
/// <param name="RefreshToken">The refresh token, which can be exchanged for the next pair of tokens once.</param>
internal sealed record TokensResponse(string Token, string TokenType, int ExpiresInSeconds, string RefreshToken)
{
    public override string ToString() => "******";
}

/// <summary>A token that allows setting one new password.</summary>
/// <param name="ResetToken">The token to send with the new password.</param>
/// <param name="ExpiresInSeconds">Seconds until the token expires.</param>
internal sealed record ResetTokenResponse(string ResetToken, int ExpiresInSeconds)
{
    public override string ToString() => "******";
}

/// <summary>The code was correct. The other members depend on its purpose.</summary>
/// <param name="Message">A message for people.</param>
internal sealed record VerifiedResponse(string Message)
{
    /// <summary>Only for the purpose <c>forgot_password</c>: the token that allows setting one new password.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ResetToken { get; init; }

    /// <summary>Only for the purpose <c>forgot_password</c>: seconds until <c>resetToken</c> expires.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? ExpiresInSeconds { get; init; }

    /// <summary>Only for the purpose <c>login</c>: the same as the response of <c>POST login</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public LoginResponse? Login { get; init; }

    public override string ToString() => "******";
}

/// <summary>The person to whom the access token belongs.</summary>
/// <param name="Id">The id of the account, as in <c>sub</c> of the token. It never changes.</param>
/// <param name="Email">The email address.</param>
/// <param name="UserName">The user name that the person chose, or null.</param>
/// <param name="FirstName">The first name, or null.</param>
/// <param name="LastName">The last name, or null.</param>
/// <param name="Mobile">The mobile number in E.164, or null.</param>
/// <param name="MobileVerified">Whether the mobile number is verified.</param>
/// <param name="HasPassword">Whether the account has a password. Without one, the person signs in with codes.</param>
/// <param name="Roles">The roles of the account.</param>
/// <param name="RegisteredAt">When the account was registered.</param>
/// <param name="LastSignInAt">When the person last signed in, or null.</param>
internal sealed record ProfileResponse(
    string Id,
    string Email,
    string? UserName,
    string? FirstName,
    string? LastName,
    string? Mobile,
    bool MobileVerified,
    bool HasPassword,
    IReadOnlyList<string> Roles,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? LastSignInAt)
{
    internal static ProfileResponse Of(PortalUser user) => new(
        user.Id,
        user.Email!,
        user.UserName == user.Email ? null : user.UserName,
        user.FirstName,
        user.LastName,
        user.PhoneNumber,
        user.PhoneNumberConfirmed,
        user.PasswordHash is not null,
        PortalClaims.RolesOf(user),
        user.RegisteredAt,
        user.LastSignInAt);
}
