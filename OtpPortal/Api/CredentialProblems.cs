using System.Globalization;
using OtpPortal.Accounts;
using OtpPortal.Hosting;
using OtpPortal.Otp;

namespace OtpPortal.Api;

/// <summary>The refusals of codes, passwords, tokens and accounts.</summary>
internal static partial class Problems
{
    /// <summary>401 for a code.</summary>
    public static ProblemResult Code(VerifyOutcome outcome) => outcome switch
    {
        VerifyOutcome.Malformed malformed => Field(
            "otp", $"A code has {malformed.Length} {(malformed.Alphabet == Alphabet.Digits ? "digits" : "letters and digits")}. This did "
                + "not count as an attempt."),
        VerifyOutcome.Wrong wrong => Unauthorized(
            "wrong-code", "Wrong code",
                wrong.AttemptsLeft == 0 ? "There are no attempts left. Request a new code." : "Check it and try again.",
                    wrong.AttemptsLeft),
        VerifyOutcome.Superseded superseded => Unauthorized(
            "superseded-code",
            "That is the earlier code",
            string.Create(CultureInfo.InvariantCulture,
                $"A newer one was sent at {superseded.NewerSentAt:HH:mm} UTC. Enter that one. This did not count as an attempt."),
            superseded.AttemptsLeft),
        VerifyOutcome.Locked locked => TooMany("locked", SendRefusal.Locked.Describe(), locked.Wait),

        // All other cases get the same response, because a difference would reveal what other people did.
        _ => Unauthorized("no-code", "The code is not valid",
            "It was never sent, has expired, was already used, or had too many attempts. Request a new code.", 0),
    };

    /// <summary>401 for a password.</summary>
    public static ProblemResult WrongPassword() => new(Problem(
        StatusCodes.Status401Unauthorized, "wrong-password", "Wrong email or password", "Check both, or sign in with a code."));

    /// <summary>401 for a refresh token.</summary>
    public static ProblemResult WrongRefreshToken() => new(Problem(
        StatusCodes.Status401Unauthorized, "wrong-refresh-token", "The refresh token is not valid",
            "It is unknown, expired or already used. Sign in again."));

    /// <summary>401 for a reset token.</summary>
    public static ProblemResult WrongResetToken() => new(Problem(
        StatusCodes.Status401Unauthorized, "wrong-reset-token", "The reset token is not valid",
            "It is unknown, expired or already used. Request a new code."));

    /// <summary>401 for a request that needs an access token.</summary>
    /// <param name="shown">Whether the request has a token.</param>
    public static ProblemResult NotSignedIn(bool shown) => shown
        ? new ProblemResult(
            Problem(StatusCodes.Status401Unauthorized, "wrong-token", "The access token is not valid",
                "It was not issued by this portal, has expired, or its session was ended. Get a new one."),
            challenge: "Bearer error=\"invalid_token\"") // RFC 6750 §3.1
        : new ProblemResult(Problem(
            StatusCodes.Status401Unauthorized, "not-signed-in", "Not signed in",
                "Send the header \"Authorization: Bearer TOKEN\" with an access token."));

    /// <summary>403 for an account that is not an administrator's.</summary>
    public static ProblemResult NotAllowed() => new(Problem(
        StatusCodes.Status403Forbidden, "not-allowed", "Administrators only", "Sign in as an administrator."));

    /// <summary>403 for an account whose address is not verified yet.</summary>
    public static ProblemResult NotVerified(SendOutcome send)
    {
        var problem = Problem(
            StatusCodes.Status403Forbidden,
            "not-verified",
            "Account is not verified",
            send is SendOutcome.Sent
                ? "A code was sent to the address. Enter it with POST /api/auth/verify-email-otp."
                : "Enter the code that was sent to the address with POST /api/auth/verify-email-otp, or request a new one after "
                    + "cooldownSeconds.");
        problem.Extensions["cooldownSeconds"] = send switch
        {
            SendOutcome.Sent sent => sent.Cooldown.CeilingSeconds(),
            SendOutcome.Refused refused => refused.SecondsLeft,
            _ => throw new InvalidOperationException($"Unknown outcome {send}."),
        };
        return new ProblemResult(problem);
    }

    /// <summary>404, only with <c>Otp:RevealUnknownAccounts</c>.</summary>
    public static ProblemResult UnknownAccount(FieldError error) =>
        new(Problem(StatusCodes.Status404NotFound, "unknown-account", "Account not found", error.Message));

    /// <summary>409, only with <c>Otp:RevealUnknownAccounts</c>.</summary>
    public static ProblemResult AccountExists() => new(Problem(
        StatusCodes.Status409Conflict, "account-exists", "Account already exists", "Sign in, or reset the password."));

    /// <summary>409 for a correct code of a number that another account has.</summary>
    public static ProblemResult NumberHeld() => new(Problem(
        StatusCodes.Status409Conflict, "number-held", "Another account has this number",
            "The code is correct and still valid. To move the number to this account, send it again with \"move\": true."));

    /// <summary>429 for a code that may not be sent now.</summary>
    public static ProblemResult NotSent(SendOutcome.Refused refused) => refused.Reason switch
    {
        SendRefusal.Cooldown => TooMany("cooldown", refused.Reason.Describe(), refused.Wait),
        SendRefusal.Locked => TooMany("locked", refused.Reason.Describe(), refused.Wait),
        _ => TooMany("too-many-codes", refused.Reason.Describe(), refused.Wait),
    };

    private static ProblemResult Unauthorized(string kind, string title, string detail, int attemptsLeft)
    {
        var problem = Problem(StatusCodes.Status401Unauthorized, kind, title, detail);
        problem.Extensions["attemptsLeft"] = attemptsLeft;
        return new ProblemResult(problem);
    }
}
