using System.Globalization;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Web;

namespace OtpPortal.Api;

/// <summary>A code as the client sent it, and the identifier that it belongs to.</summary>
internal sealed record TypedCode(string? Email, string? Mobile, string? Otp, string? Verifier)
{
    public override string ToString() => "******";
}

/// <summary>
/// Reads from a request which client sent it. Cookies are ignored: a code is bound to a client by its challenge (as in PKCE, RFC 7636), or
/// not at all.
/// </summary>
internal sealed class ApiClient(ClientLimits limits)
{
    // RFC 7636 §4.1 defines the length of a verifier.
    private const int ShortestVerifier = 43;
    private const int LongestVerifier = 128;

    private static readonly FieldError InvalidVerifier = new(
        "codeVerifier",
            string.Create(CultureInfo.InvariantCulture,
                $"This is no verifier. Send {ShortestVerifier} to {LongestVerifier} letters, digits or -._~, or leave it out."));

    /// <summary>The error for a purpose that does not exist.</summary>
    public static readonly FieldError UnknownPurpose =
        new("purpose", "There is no such purpose. Send register, login or forgot_password, or leave it out for register.");

    /// <summary>Counts a request for a code against the limit of the client's address, and reads the binding of the code.</summary>
    /// <returns>Null if there is a refusal.</returns>
    public Requester? TryReadRequester(HttpContext context, string? challenge, out ProblemResult refusal)
    {
        if (limits.CountSend(context) is { } wait)
        {
            refusal = Problems.ClientLimit(wait);
            return null;
        }

        return Requester(context, challenge, verifier: null, out refusal);
    }

    /// <summary>Reads the binding of a code: from the challenge, or from the verifier of the challenge.</summary>
    /// <returns>Null if there is a refusal.</returns>
    public static Requester? Requester(HttpContext context, string? challenge, string? verifier, out ProblemResult refusal)
    {
        if (string.IsNullOrEmpty(challenge) && !string.IsNullOrEmpty(verifier))
        {
            refusal = Problems.Fields([InvalidVerifier]);
            return IsVerifier(verifier)
                ? new Requester(Binding.FromVerifier(verifier), BrowserFamily.Of(context.Request.Headers.UserAgent))
                : null;
        }

        refusal = Problems.Field("codeChallenge",
            "This is no challenge. Send the SHA-256 of the codeVerifier in base64url without padding (43 characters), or leave it out.");
        var binding = string.IsNullOrEmpty(challenge) ? Binding.None : Binding.FromChallenge(challenge);
        return binding is null ? null : new Requester(binding, BrowserFamily.Of(context.Request.Headers.UserAgent));
    }

    /// <summary>Counts an attempt with a code, password or token against the limit of the client's address.</summary>
    /// <returns>The refusal if the limit is reached, or else null.</returns>
    public ProblemResult? CountAttempt(HttpContext context) =>
        limits.CountVerification(context) is { } wait ? Problems.ClientLimit(wait) : null;

    /// <summary>Counts an attempt with a code, and reads the code. The refusal lists all errors.</summary>
    /// <param name="purpose">The purpose of the code; null if the request names an unknown one.</param>
    /// <returns>Null if there is a refusal.</returns>
    public CodeEntry? TryReadCode(HttpContext context, TypedCode typed, Purpose? purpose, out ProblemResult refusal)
    {
        if (CountAttempt(context) is { } limit)
        {
            refusal = limit;
            return null;
        }

        var identifier = Identifiers.Parse(typed.Email, typed.Mobile, out var identifierError);
        var binding = string.IsNullOrEmpty(typed.Verifier)
            ? Binding.None
            : IsVerifier(typed.Verifier) ? Binding.FromVerifier(typed.Verifier) : null;
        var errors = new[]
        {
            identifierError,
            string.IsNullOrWhiteSpace(typed.Otp) ? new FieldError("otp", "Send the code that the person received.") : null,
            binding is null ? InvalidVerifier : null,
            purpose is null ? UnknownPurpose : null,
        };
        refusal = Problems.Fields(errors.OfType<FieldError>());
        return errors.Any(error => error is not null)
            ? null
            : new CodeEntry(CodeUses.Of(purpose!.Value, identifier!), identifier!, typed.Otp, binding!);
    }

    /// <summary>Treats an optional text that is empty as missing.</summary>
    public static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static bool IsVerifier(string text) =>
        text.Length is >= ShortestVerifier and <= LongestVerifier
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or '~');
}
