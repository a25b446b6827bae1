using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OtpPortal.Api.OpenApi;

/// <summary>The values that the examples share. All of them are about one person, Ann. The tokens are not real.</summary>
internal static class Samples
{
    public const string Email = "ann@example.com";
    public const string Mobile = "+447700900123";
    public const string Password = "three small words";
    public const string Otp = "402817";
    public const string Verifier = "this-stands-for-43-or-more-random-characters";
    public const string Token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";
    public const string RefreshToken = "a-refresh-token-has-forty-three-characters_";
    public const string ResetToken = "a-reset-token-has-forty-three-characters__-";
    public const string LoginToken = "a-login-token-has-forty-three-characters__-";

    public const int Cooldown = 120;
    public const int ExpiresIn = 300;
    public const int TokenSeconds = 900;

    public static readonly string Challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Verifier)));

    public static readonly LoginResponse Login = new(Token, "Bearer", TokenSeconds, RefreshToken, "Ann", "Other", Email, 1772373780);

    public static Success Sent(string text, string message) =>
        new(StatusCodes.Status202Accepted, text, new Example("sent", "On its way", new CodeSentResponse(message, Cooldown, ExpiresIn)));
}
