using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Api.OpenApi;

/// <summary>All kinds of refusals, and the groups in which routes return them.</summary>
internal static class ProblemResponses
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(97);

    public static readonly ProblemDocs Fields = new(
        "FieldsProblem",
        "Some members are missing or wrong. `errors` has a list of sentences for each, by the member's name in the request. Nothing was "
            + "changed.",
        Problems.Fields(
            [new FieldError("Email", "This address has no @. An address looks like ann@example.com."),
                new FieldError("Password", "Enter a password.")]));

    public static readonly ProblemDocs Body = new(
        "BodyProblem",
        "The body cannot be read: it is missing, is not a JSON object, or has a duplicate or unknown member. `line` and `position` (a "
            + "byte of the line), counted from one, say where, if there is a place.",
        Problems.Body(
            "It is not the JSON that this address takes, at line 1, byte 17 ($.email). Check its syntax, and the names and types of its "
                + "members.", 1, 17))
    {
        Optional = ["line", "position"],
    };

    public static readonly ProblemDocs WrongCode = new(
        "WrongCodeProblem",
        "The code is wrong. After `attemptsLeft` more wrong attempts it is no longer valid.",
        Problems.Code(new VerifyOutcome.Wrong(4)));

    public static readonly ProblemDocs SupersededCode = new(
        "SupersededCodeProblem",
        "This is an earlier code: a newer one was sent. It does not count as an attempt.",
        Problems.Code(new VerifyOutcome.Superseded(new DateTimeOffset(2026, 3, 1, 14, 3, 0, TimeSpan.Zero), 5)));

    public static readonly ProblemDocs NoCode = new(
        "NoCodeProblem",
        "No code is valid: it was never sent, has expired, was already used, or had too many attempts. All of these get the same response. "
            + "Request a new code.",
        Problems.Code(new VerifyOutcome.None()));

    public static readonly ProblemDocs WrongPassword = new(
        "WrongPasswordProblem",
        "The password is wrong, the account does not exist, or there were too many attempts. All of these get the same response.",
        Problems.WrongPassword());

    public static readonly ProblemDocs WrongRefreshToken = new(
        "WrongRefreshTokenProblem",
        "The refresh token is unknown, expired or already used. If it was already used, its session has ended now. Sign in again.",
        Problems.WrongRefreshToken());

    public static readonly ProblemDocs WrongResetToken = new(
        "WrongResetTokenProblem",
        "The reset token is unknown, expired or already used. Request a new code.",
        Problems.WrongResetToken());

    public static readonly ProblemDocs NotSignedIn = new(
        "NotSignedInProblem",
        "The request has no access token.",
        Problems.NotSignedIn(shown: false));

    public static readonly ProblemDocs WrongToken = new(
        "WrongTokenProblem",
        "The access token was not issued by this portal, has expired, or its session was ended. Get a new one.",
        Problems.NotSignedIn(shown: true));

    public static readonly ProblemDocs ForeignOrigin = new(
        "ForeignOriginProblem",
        "The header `Origin` names another site: a browser sent this for one of its pages.",
        Problems.ForeignOrigin());

    public static readonly ProblemDocs NotAllowed = new(
        "NotAllowedProblem",
        "The signed-in account is not an administrator's.",
        Problems.NotAllowed());

    public static readonly ProblemDocs NotVerified = new(
        "NotVerifiedProblem",
        "The password is correct, but the address is not verified. A code was sent to it, now or shortly before; a new one can be "
            + "requested after `cooldownSeconds`.",
        Problems.NotVerified(new SendOutcome.Sent(Wait, TimeSpan.FromMinutes(5))));

    public static readonly ProblemDocs UnknownAccount = new(
        "UnknownAccountProblem",
        "There is no such account. Only where `Otp:RevealUnknownAccounts` is on; otherwise unknown addresses get the same response as "
            + "known ones.",
        Problems.UnknownAccount(new CodeRequestOutcome.Unknown(EmailAddress.FromStored("ann@example.com")).Error));

    public static readonly ProblemDocs AccountExists = new(
        "AccountExistsProblem",
        "The address has an account. Only where `Otp:RevealUnknownAccounts` is on; otherwise only its owner is notified, by mail.",
        Problems.AccountExists());

    public static readonly ProblemDocs NumberHeld = new(
        "NumberHeldProblem",
        "The code is correct and still valid, but another account has the mobile number. With `move`, the number is moved from that "
            + "account, and its owner is notified.",
        Problems.NumberHeld());

    public static readonly ProblemDocs Cooldown = new(
        "CooldownProblem",
        "A code was sent a moment ago. It is still valid; a new one can be requested after `cooldownSeconds`.",
        Problems.NotSent(new SendOutcome.Refused(SendRefusal.Cooldown, Wait)));

    public static readonly ProblemDocs TooManyCodes = new(
        "TooManyCodesProblem",
        "Too many codes were sent in the last hour or day, to this address for this purpose or to its mailbox for all purposes.",
        Problems.NotSent(new SendOutcome.Refused(SendRefusal.HourlyCap, TimeSpan.FromMinutes(30))));

    public static readonly ProblemDocs Locked = new(
        "LockedProblem",
        "Too many wrong codes in a row for this address and purpose. Even the correct code is refused for `cooldownSeconds`.",
        Problems.Code(new VerifyOutcome.Locked(TimeSpan.FromHours(24))));

    public static readonly ProblemDocs ClientLimit = new(
        "ClientLimitProblem",
        "Too many requests came from this client's network, counted over all addresses.",
        Problems.ClientLimit(Wait));

    public static readonly ProblemDocs NotFound = new(
        "NotFoundProblem",
        "There is no such route.",
        Problems.Plain(StatusCodes.Status404NotFound));

    public static readonly ProblemDocs MethodNotAllowed = new(
        "MethodNotAllowedProblem",
        "The route does not support this method.",
        Problems.Plain(StatusCodes.Status405MethodNotAllowed));

    public static readonly ProblemDocs Timeout = new(
        "TimeoutProblem",
        "The body arrived too slowly or incompletely.",
        Problems.Plain(StatusCodes.Status408RequestTimeout));

    public static readonly ProblemDocs TooLarge = new(
        "TooLargeProblem",
        "The body is larger than 16 KB.",
        Problems.TooLarge());

    public static readonly ProblemDocs NotJson = new(
        "NotJsonProblem",
        "The body is not `application/json` in UTF-8.",
        Problems.NotJson());

    public static readonly ProblemDocs Failure = new(
        "FailureProblem",
        "Something went wrong. The log has the reason under `traceId`.",
        Problems.Plain(StatusCodes.Status500InternalServerError, "4bf92f3577b34da6a3ce929d0e0e4736"));

    public static readonly ProblemDocs Unavailable = new(
        "UnavailableProblem",
        "The database is not available, or the portal is overloaded. Send the same request again after `Retry-After` seconds; "
        + "the first one may have been processed all the same.",
        Problems.Unavailable(TimeSpan.FromSeconds(5)));

    /// <summary>The refusals of every route.</summary>
    public static readonly IReadOnlyList<ProblemDocs> Failures = [Failure, Unavailable];

    /// <summary>The refusals of every route that changes something.</summary>
    public static readonly IReadOnlyList<ProblemDocs> Changing = [ForeignOrigin, TooLarge, NotJson, .. Failures];

    /// <summary>The refusals of every route that reads a body.</summary>
    public static readonly IReadOnlyList<ProblemDocs> Reading = [Fields, Body, Timeout, ClientLimit, .. Changing];

    /// <summary>The refusals of every route that sends a code.</summary>
    public static readonly IReadOnlyList<ProblemDocs> Sending = [.. Reading, Cooldown, TooManyCodes, Locked];

    /// <summary>The refusals of an entered code.</summary>
    public static readonly IReadOnlyList<ProblemDocs> Codes = [WrongCode, SupersededCode, NoCode, Locked];

    /// <summary>The refusals of every route that needs an access token.</summary>
    public static readonly IReadOnlyList<ProblemDocs> Bearers = [NotSignedIn, WrongToken];

    /// <summary>The refusals of paths and methods without a route.</summary>
    public static readonly IReadOnlyList<ProblemDocs> Elsewhere = [ForeignOrigin, NotFound, MethodNotAllowed, TooLarge, NotJson];

    /// <summary>All kinds, by status.</summary>
    public static readonly IReadOnlyList<ProblemDocs> All =
    [
        Fields, Body,
        WrongCode, SupersededCode, NoCode, WrongPassword, WrongRefreshToken, WrongResetToken, NotSignedIn, WrongToken,
        ForeignOrigin, NotAllowed, NotVerified,
        UnknownAccount, NotFound, MethodNotAllowed, Timeout, AccountExists, NumberHeld, TooLarge, NotJson,
        Cooldown, TooManyCodes, Locked, ClientLimit,
        Failure, Unavailable,
    ];
}
