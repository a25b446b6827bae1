using System.Globalization;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Web;

namespace OtpPortal.Api;

/// <summary>A code as it came in, and for whom.</summary>
internal sealed record TypedCode(string? Email, string? Mobile, string? Otp, string? Verifier)
{
    /// <summary>Without the code.</summary>
    public override string ToString() => "******";
}

/// <summary>
/// What a request says of the program that sent it. Cookies say nothing here: a code is bound to a program by its challenge (as in PKCE,
/// RFC 7636), or to nobody.
/// </summary>
internal static class ApiClient
{
    // RFC 7636 §4.1.
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;

    private static readonly FieldError NoVerifier = new(
        "codeVerifier",
            string.Create(CultureInfo.InvariantCulture,
                $"This is no verifier. Send {ShortestVerifier} to {LongestVerifier} letters, digits or -._~, or leave it out."));

    /// <summary>What to answer where a purpose is none of the three.</summary>
    public static readonly FieldError UnknownPurpose =
        new("purpose", "There is no such purpose. Send register, login or forgot_password, or leave it out for register.");

    /// <summary>Counts a request for a code against the client address's limit, and reads to whom the code is to be bound.</summary>
    /// <returns>Null together with a refusal.</returns>
    public static Requester? TryReadRequester(HttpContext context, string? challenge, out ProblemResult refusal)
    {
        if (Limits(context).CountSend(context) is { } wait)
        {
            refusal = Problems.ClientLimit(wait);
            return null;
        }

        return Requester(context, challenge, verifier: null, out refusal);
    }

    /// <summary>Reads to whom a code is to be bound: by the challenge, or by the verifier that the challenge is made of.</summary>
    /// <returns>Null together with a refusal.</returns>
    public static Requester? Requester(HttpContext context, string? challenge, string? verifier, out ProblemResult refusal)
    {
        if (string.IsNullOrEmpty(challenge) && !string.IsNullOrEmpty(verifier))
        {
            refusal = Problems.Fields([NoVerifier]);
            return IsVerifier(verifier)
                ? new Requester(Binding.FromVerifier(verifier), BrowserFamily.Of(context.Request.Headers.UserAgent))
                : null;
        }

        refusal = Problems.Field("codeChallenge",
            "This is no challenge. Send the SHA-256 of the codeVerifier in base64url without padding (43 characters), or leave it out.");
        var binding = string.IsNullOrEmpty(challenge) ? Binding.None : Binding.FromChallenge(challenge);
        return binding is null ? null : new Requester(binding, BrowserFamily.Of(context.Request.Headers.UserAgent));
    }

    /// <summary>Counts a try of a code, password or token against the client address's limit.</summary>
    /// <returns>The refusal, if it was one too many.</returns>
    public static ProblemResult? CountAttempt(HttpContext context) =>
        Limits(context).CountVerification(context) is { } wait ? Problems.ClientLimit(wait) : null;

    /// <summary>Counts a try of a code, and reads who enters it for whom. The refusal lists everything that is wrong.</summary>
    /// <param name="context">The request.</param>
    /// <param name="typed">The fields that all routes for codes share.</param>
    /// <param name="purpose">What the code is for; null if the request says something unknown.</param>
    /// <param name="refusal">What to answer where nothing is returned.</param>
    /// <returns>Null together with a refusal.</returns>
    public static CodeEntry? TryReadCode(HttpContext context, TypedCode typed, Purpose? purpose, out ProblemResult refusal)
    {
        if (CountAttempt(context) is { } limit)
        {
            refusal = limit;
            return null;
        }

        var identifier = Identifiers.Parse(typed.Email, typed.Mobile, out var unnamed);
        var binding = string.IsNullOrEmpty(typed.Verifier)
            ? Binding.None
            : IsVerifier(typed.Verifier) ? Binding.FromVerifier(typed.Verifier) : null;
        var errors = new[]
        {
            unnamed,
            string.IsNullOrWhiteSpace(typed.Otp) ? new FieldError("otp", "Send the code that the person received.") : null,
            binding is null ? NoVerifier : null,
            purpose is null ? UnknownPurpose : null,
        };
        refusal = Problems.Fields(errors.OfType<FieldError>());
        return errors.Any(error => error is not null)
            ? null
            : new CodeEntry(CodeUses.Of(purpose!.Value, identifier!), identifier!, typed.Otp, binding!);
    }

    /// <summary>An optional text: one that is empty was not given.</summary>
    public static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static ClientLimits Limits(HttpContext context) => context.RequestServices.GetRequiredService<ClientLimits>();

    private static bool IsVerifier(string text) =>
        text.Length is >= ShortestVerifier and <= LongestVerifier
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~');
}
