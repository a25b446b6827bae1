using System.Globalization;
using OtpPortal.Accounts;
using OtpPortal.Otp;
using OtpPortal.Web;

namespace OtpPortal.Api;

/// <summary>
/// What a request says of the program that sent it. Cookies say nothing here: a code is bound to a program by its challenge (as in PKCE, RFC 7636), or to
/// nobody.
/// </summary>
internal static class Client
{
    // RFC 7636 §4.1.
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;

    /// <summary>Counts a request for a code against the client address's limit, and reads to whom the code is to be bound.</summary>
    /// <returns>Null together with a refusal.</returns>
    public static Asker? Asks(HttpContext context, string? challenge, out Refusal refusal)
    {
        if (Limits(context).CountSend(context) is { } wait)
        {
            refusal = Problems.ClientLimit(wait);
            return null;
        }

        return Asker(context, challenge, out refusal);
    }

    /// <summary>Reads to whom a code is to be bound.</summary>
    /// <returns>Null together with a refusal.</returns>
    public static Asker? Asker(HttpContext context, string? challenge, out Refusal refusal)
    {
        refusal = Problems.Field("codeChallenge", "This is no challenge. Send the SHA-256 of the codeVerifier in base64url without padding (43 characters), or leave it out.");
        var binding = string.IsNullOrEmpty(challenge) ? Binding.None : Binding.FromChallenge(challenge);
        return binding is null ? null : new Asker(binding, BrowserFamily.Of(context.Request.Headers.UserAgent));
    }

    /// <summary>Counts a try of a code, password or token against the client address's limit, and reads who tries.</summary>
    /// <inheritdoc cref="Asks"/>
    public static Binding? Tries(HttpContext context, string? verifier, out Refusal refusal)
    {
        refusal = Problems.Field(
            "codeVerifier",
            string.Create(CultureInfo.InvariantCulture, $"This is no verifier. Send {ShortestVerifier} to {LongestVerifier} letters, digits or -._~, or leave it out."));
        if (Limits(context).CountVerification(context) is { } wait)
        {
            refusal = Problems.ClientLimit(wait);
            return null;
        }

        return string.IsNullOrEmpty(verifier) ? Binding.None : IsVerifier(verifier) ? Binding.FromVerifier(verifier) : null;
    }

    /// <summary>An optional text: one that is empty was not given.</summary>
    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    /// <summary>The address or number that names a person.</summary>
    public static string? Names(string? email, string? mobile, out Refusal refusal)
    {
        var address = PersonAddress.Parse(email, mobile, out var error);
        refusal = error is null ? null! : Problems.Fields([error]);
        return address;
    }

    private static ClientLimits Limits(HttpContext context) => context.RequestServices.GetRequiredService<ClientLimits>();

    private static bool IsVerifier(string text) =>
        text.Length is >= ShortestVerifier and <= LongestVerifier
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~');
}
