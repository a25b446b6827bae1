using System.Text.Json.Serialization;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>A code is on its way, or looks like it.</summary>
/// <param name="Message">For people.</param>
/// <param name="CooldownSeconds">Seconds until the next code may be asked for.</param>
/// <param name="ExpiresInSeconds">Seconds that the code is valid.</param>
public sealed record CodeSentResponse(string Message, int CooldownSeconds, int ExpiresInSeconds)
{
    internal static CodeSentResponse Of(string message, SendOutcome.Sent sent) =>
        new(message, sent.Cooldown.CeilingSeconds(), sent.ExpiresIn.CeilingSeconds());
}

/// <summary>
/// A login did not end yet: a code was asked for, or must follow the password.
/// </summary>
/// <param name="Message">For people.</param>
/// <param name="OtpRequired">True: send the same request with <c>otp</c>.</param>
/// <param name="CooldownSeconds">Seconds until the next code may be asked for.</param>
/// <param name="ExpiresInSeconds">Seconds that the code is valid; null if an earlier one is still on its way.</param>
public sealed record OtpRequiredResponse(string Message, bool OtpRequired, int CooldownSeconds, int? ExpiresInSeconds)
{
    /// <summary>
    /// After a right password: to be sent with the code, within ten minutes. It proves that the code continues this sign-in.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? LoginToken { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => "******";
}

/// <summary>It is done.</summary>
/// <param name="Message">For people.</param>
public sealed record DoneResponse(string Message);

/// <summary>Signed in.</summary>
/// <param name="Token">The access token, a JWT.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresInSeconds">Seconds that the access token is valid.</param>
/// <param name="RefreshToken">Yields the next pair of tokens, once.</param>
/// <param name="FirstName">The person's first name, or null.</param>
/// <param name="LastName">The person's last name, or null.</param>
/// <param name="Email">The person's address.</param>
/// <param name="LoginAt">When they signed in, in seconds since 1970-01-01 UTC.</param>
public sealed record LoginResponse(
    string Token, string TokenType, int ExpiresInSeconds, string RefreshToken, string? FirstName, string? LastName, string Email,
        long LoginAt)
{
    /// <summary>Without the tokens.</summary>
    public override string ToString() => "******";
}

/// <summary>The next pair of tokens.</summary>
/// <param name="Token">The access token, a JWT.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresInSeconds">Seconds that the access token is valid.</param>
/// <param name="RefreshToken">Yields the pair after this one, once.</param>
public sealed record TokensResponse(string Token, string TokenType, int ExpiresInSeconds, string RefreshToken)
{
    /// <summary>Without the tokens.</summary>
    public override string ToString() => "******";
}

/// <summary>The right to set one new password.</summary>
/// <param name="ResetToken">To be sent with the new password.</param>
/// <param name="ExpiresInSeconds">Seconds that it is good.</param>
public sealed record ResetTokenResponse(string ResetToken, int ExpiresInSeconds)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => "******";
}

/// <summary>The code was right. What it was for decides what else comes with it.</summary>
/// <param name="Message">For people.</param>
public sealed record VerifiedResponse(string Message)
{
    /// <summary>With the purpose <c>forgot_password</c>: the right to set one new password.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? ResetToken { get; init; }

    /// <summary>With the purpose <c>forgot_password</c>: seconds that <c>resetToken</c> is good.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? ExpiresInSeconds { get; init; }

    /// <summary>With the purpose <c>login</c>: what <c>POST login</c> answers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public LoginResponse? Login { get; init; }

    /// <summary>Without the tokens.</summary>
    public override string ToString() => "******";
}

/// <summary>The person whom an access token speaks for.</summary>
/// <param name="Id">The account, as in <c>sub</c> of the token. It never changes.</param>
/// <param name="Email">The address.</param>
/// <param name="UserName">The name that the person chose, or null.</param>
/// <param name="FirstName">The first name, or null.</param>
/// <param name="LastName">The last name, or null.</param>
/// <param name="Mobile">The mobile number in E.164, or null.</param>
/// <param name="MobileVerified">Whether a code sent to it was entered.</param>
/// <param name="HasPassword">Whether there is a password; without one, codes sign in.</param>
/// <param name="Roles">What the person may do besides.</param>
/// <param name="RegisteredAt">When the account was registered.</param>
/// <param name="LastSignInAt">When the person last signed in, or null.</param>
public sealed record ProfileResponse(
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
