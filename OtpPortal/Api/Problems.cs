using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using OtpPortal.Accounts;
using OtpPortal.Otp;

namespace OtpPortal.Api;

/// <summary>A refusal as it goes out: problem details (RFC 9457), and the headers that belong to its status.</summary>
public sealed class ProblemResult(ProblemDetails problem, TimeSpan? retryAfter = null, string challenge = "Bearer") : IResult,
    IStatusCodeHttpResult, IValueHttpResult
{
    public int? StatusCode => problem.Status;

    public object Value => problem;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = problem.Status!.Value;
        if (retryAfter is { } wait)
        {
            response.Headers.RetryAfter = Problems.Seconds(wait).ToString(CultureInfo.InvariantCulture);
        }

        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            // RFC 9110 §15.5.2: a 401 names the way to do better.
            response.Headers.WWWAuthenticate = challenge;
        }

        return response.WriteAsJsonAsync(
            problem, problem.GetType(), options: null, contentType: "application/problem+json", httpContext.RequestAborted);
    }
}

/// <summary>Every refusal of the API. What clients decide by is <c>status</c> and <c>type</c>; <c>detail</c> is for people.</summary>
public static class Problems
{
    private const string Kind = "urn:otpportal:problem:";

    /// <summary>A time in whole seconds, rounded up: after them it is over.</summary>
    public static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    /// <summary>400 with what is wrong in each field, by its name in the request.</summary>
    public static ProblemResult Fields(IEnumerable<FieldError> errors) => new(new HttpValidationProblemDetails(
        errors.GroupBy(error => char.ToLowerInvariant(error.Field[0]) + error.Field[1..])
            .ToDictionary(group => group.Key, group => group.Select(error => error.Message).ToArray()))
    {
        Type = Kind + "fields",
        Title = "Some fields are invalid",
        Status = StatusCodes.Status400BadRequest,
        Detail = "\"errors\" lists what is wrong with each field. Nothing was changed.",
    });

    /// <inheritdoc cref="Fields(IEnumerable{FieldError})"/>
    public static ProblemResult Field(string field, string message) => Fields([new FieldError(field, message)]);

    /// <summary>400 for a body that cannot be read.</summary>
    public static ProblemResult Body(string detail, long? line = null, long? position = null)
    {
        var problem = Problem(StatusCodes.Status400BadRequest, "body", "The body cannot be read", detail);
        if (line is not null)
        {
            problem.Extensions["line"] = line;
            problem.Extensions["position"] = position;
        }

        return new ProblemResult(problem);
    }

    /// <summary>413.</summary>
    public static ProblemResult TooLarge() => new(Problem(
        StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large",
            $"A request may have at most {ApiMiddleware.MaxBody} bytes."));

    /// <summary>415.</summary>
    public static ProblemResult NotJson() => new(Problem(
        StatusCodes.Status415UnsupportedMediaType, "not-json", "The body is not JSON",
            "Send JSON in UTF-8 with the header Content-Type: application/json."));

    /// <summary>403 for a page of another site.</summary>
    public static ProblemResult ForeignOrigin() => new(Problem(
        StatusCodes.Status403Forbidden, "foreign-origin", "Requests from other sites are not allowed",
            "Call the API from a program, or from a page of this portal."));

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
        VerifyOutcome.Locked locked => TooMany("locked", "Too many wrong codes", locked.Wait),

        // One answer: which of them it is would tell what others did.
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
    /// <param name="shown">Whether one was shown.</param>
    public static ProblemResult NotSignedIn(bool shown) => shown
        ? new ProblemResult(
            Problem(StatusCodes.Status401Unauthorized, "wrong-token", "The access token is not valid",
                "It was not issued by this portal, has expired, or its session was ended. Get a new one."),
            challenge: "Bearer error=\"invalid_token\"") // RFC 6750 §3.1
        : new ProblemResult(Problem(
            StatusCodes.Status401Unauthorized, "not-signed-in", "Not signed in",
                "Send the header \"Authorization: Bearer TOKEN\" with an access token."));

    /// <summary>403 for who may not.</summary>
    public static ProblemResult NotAllowed() => new(Problem(
        StatusCodes.Status403Forbidden, "not-allowed", "Administrators only", "Sign in as an administrator."));

    /// <summary>403 for an account whose address is not proven yet; a code may be on its way.</summary>
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
            SendOutcome.Sent sent => Seconds(sent.Cooldown),
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

    /// <summary>409 for a right code of a number that another account has.</summary>
    public static ProblemResult NumberHeld() => new(Problem(
        StatusCodes.Status409Conflict, "number-held", "Another account has this number",
            "The code is correct and still valid. To move the number to this account, send it again with \"move\": true."));

    /// <summary>429 for a code that may not be sent now.</summary>
    public static ProblemResult NotSent(SendOutcome.Refused refused) => refused.Reason switch
    {
        SendRefusal.Cooldown => TooMany("cooldown", "A code was sent a moment ago", refused.Wait),
        SendRefusal.Locked => TooMany("locked", "Too many wrong codes", refused.Wait),
        _ => TooMany("too-many-codes", "Too many codes were sent", refused.Wait),
    };

    /// <summary>429 for a client address that asks too often.</summary>
    public static ProblemResult ClientLimit(TimeSpan wait) => TooMany("client-limit", "Too many requests from your network", wait);

    /// <summary>503 where the database is away, or there is more to do than can be done in time.</summary>
    public static ProblemResult Unavailable(TimeSpan wait) => new(
        Problem(
            StatusCodes.Status503ServiceUnavailable,
            "unavailable",
            "The portal is busy right now",
            string.Create(CultureInfo.InvariantCulture, $"Send the same request again in {Seconds(wait)} seconds.")),
        wait);

    /// <summary>What else the framework refuses, or where the portal failed: the status with its usual words.</summary>
    public static ProblemResult Plain(int status, string? trace = null)
    {
        var problem = new ProblemDetails
        {
            Status = status,
            Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Type = "about:blank",
        };
        problem.Detail = status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address. /openapi/v1.json lists all routes.",
            StatusCodes.Status405MethodNotAllowed =>
                "This address does not support this method. The Allow header lists those that it does.",
            >= StatusCodes.Status500InternalServerError =>
                "Something went wrong. Try again. If it persists, tell the administrator the traceId.",
            _ => null,
        };
        if (trace is not null)
        {
            problem.Extensions["traceId"] = trace;
        }

        return new ProblemResult(problem);
    }

    private static ProblemResult TooMany(string kind, string title, TimeSpan wait)
    {
        var seconds = Seconds(wait);
        var problem = Problem(
            StatusCodes.Status429TooManyRequests, kind, title,
                string.Create(CultureInfo.InvariantCulture, $"Try again in {seconds} seconds."));
        problem.Extensions["cooldownSeconds"] = seconds;
        return new ProblemResult(problem, wait);
    }

    private static ProblemResult Unauthorized(string kind, string title, string detail, int attemptsLeft)
    {
        var problem = Problem(StatusCodes.Status401Unauthorized, kind, title, detail);
        problem.Extensions["attemptsLeft"] = attemptsLeft;
        return new ProblemResult(problem);
    }

    private static ProblemDetails Problem(int status, string kind, string title, string detail) =>
        new() { Type = Kind + kind, Title = title, Status = status, Detail = detail };
}
