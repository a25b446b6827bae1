using OtpPortal.Accounts;
using OtpPortal.Otp;

namespace OtpPortal.Api.Description;

/// <summary>Every kind of refusal, and which come together.</summary>
internal static class Refusals
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(97);

    public static readonly RefusalKind Fields = new(
        "FieldsProblem",
        "Some members are missing or wrong. `errors` has a list of sentences for each, by the member's name in the request. Nothing was changed.",
        Problems.Fields([new FieldError("Email", "This address has no @. An address looks like ann@example.com."), new FieldError("Password", "Enter a password.")]));

    public static readonly RefusalKind Body = new(
        "BodyProblem",
        "The body cannot be read: it is missing, no JSON object, has a member twice or one that this route does not know. `line` and `position` (a byte of the line), counted from one, say where, if there is a place.",
        Problems.Body("It is not the JSON that this address takes, at line 1, byte 17 ($.email). Check its syntax, and the names and types of its members.", 1, 17))
    {
        Optional = ["line", "position"],
    };

    public static readonly RefusalKind WrongCode = new(
        "WrongCodeProblem",
        "That is not the code. `attemptsLeft` more wrong ones end it.",
        Problems.Code(new VerifyOutcome.Wrong(4)));

    public static readonly RefusalKind SupersededCode = new(
        "SupersededCodeProblem",
        "That was the code, but a newer one was sent since. It cost no attempt.",
        Problems.Code(new VerifyOutcome.Superseded(new DateTimeOffset(2026, 3, 1, 14, 3, 0, TimeSpan.Zero), 5)));

    public static readonly RefusalKind NoCode = new(
        "NoCodeProblem",
        "No code is valid: it was never sent, has expired, was used, or was tried too often. All of these are one answer. Ask for a new one.",
        Problems.Code(new VerifyOutcome.None()));

    public static readonly RefusalKind WrongPassword = new(
        "WrongPasswordProblem",
        "The password is not that of the account, or there is no such account, or it was tried too often. All of these are one answer.",
        Problems.WrongPassword());

    public static readonly RefusalKind WrongRefreshToken = new(
        "WrongRefreshTokenProblem",
        "The refresh token is unknown, over, or was used before; in the last case its session has ended now. Sign in again.",
        Problems.WrongRefreshToken());

    public static readonly RefusalKind WrongResetToken = new(
        "WrongResetTokenProblem",
        "The reset token is unknown, over, or was used before. Ask for a new code.",
        Problems.WrongResetToken());

    public static readonly RefusalKind NotSignedIn = new(
        "NotSignedInProblem",
        "No access token was shown.",
        Problems.NotSignedIn(shown: false));

    public static readonly RefusalKind WrongToken = new(
        "WrongTokenProblem",
        "What was shown is no access token of this portal, is over, or its session was ended. Get a new one.",
        Problems.NotSignedIn(shown: true));

    public static readonly RefusalKind ForeignOrigin = new(
        "ForeignOriginProblem",
        "The header `Origin` names another site: a browser sent this for one of its pages.",
        Problems.ForeignOrigin());

    public static readonly RefusalKind NotAllowed = new(
        "NotAllowedProblem",
        "Who is signed in is no administrator.",
        Problems.NotAllowed());

    public static readonly RefusalKind NotVerified = new(
        "NotVerifiedProblem",
        "The password is right, but the address was never verified. A code was sent to it, or one is still on its way; after `cooldownSeconds` a new one may be asked for.",
        Problems.NotVerified(new SendOutcome.Sent(Wait, TimeSpan.FromMinutes(5))));

    public static readonly RefusalKind UnknownAccount = new(
        "UnknownAccountProblem",
        "There is no such account. Only where `Otp:RevealUnknownAccounts` is on; otherwise unknown addresses are answered as known ones are.",
        Problems.UnknownAccount(new CodeRequestOutcome.Unknown("Email").Error));

    public static readonly RefusalKind AccountExists = new(
        "AccountExistsProblem",
        "The address has an account. Only where `Otp:RevealUnknownAccounts` is on; otherwise its owner is told by mail, and the caller nothing.",
        Problems.AccountExists());

    public static readonly RefusalKind NumberHeld = new(
        "NumberHeldProblem",
        "The code is right, and still good, but another account has the mobile number. With `move` it is taken from that account, whose owner is told.",
        Problems.NumberHeld());

    public static readonly RefusalKind Cooldown = new(
        "CooldownProblem",
        "A code was sent a moment ago. It is still good; a new one may be asked for after `cooldownSeconds`.",
        Problems.NotSent(new SendOutcome.Refused(SendRefusal.Cooldown, Wait)));

    public static readonly RefusalKind TooManyCodes = new(
        "TooManyCodesProblem",
        "As many codes as an hour or a day may have were sent to this address for this purpose, or to its mailbox for all.",
        Problems.NotSent(new SendOutcome.Refused(SendRefusal.HourlyCap, TimeSpan.FromMinutes(30))));

    public static readonly RefusalKind Locked = new(
        "LockedProblem",
        "There were too many wrong codes in a row for this address and purpose, over however many codes. Even the right one is refused for `cooldownSeconds`.",
        Problems.Code(new VerifyOutcome.Locked(TimeSpan.FromHours(24))));

    public static readonly RefusalKind ClientLimit = new(
        "ClientLimitProblem",
        "Too many requests came from this client's network, for whatever addresses.",
        Problems.ClientLimit(Wait));

    public static readonly RefusalKind NotFound = new(
        "NotFoundProblem",
        "There is no such route.",
        Problems.Plain(StatusCodes.Status404NotFound));

    public static readonly RefusalKind MethodNotAllowed = new(
        "MethodNotAllowedProblem",
        "The route does not take this method.",
        Problems.Plain(StatusCodes.Status405MethodNotAllowed));

    public static readonly RefusalKind Timeout = new(
        "TimeoutProblem",
        "The body came too slowly, or not to its end.",
        Problems.Plain(StatusCodes.Status408RequestTimeout));

    public static readonly RefusalKind TooLarge = new(
        "TooLargeProblem",
        "The body has more than 16 KB.",
        Problems.TooLarge());

    public static readonly RefusalKind NotJson = new(
        "NotJsonProblem",
        "The body is not `application/json` in UTF-8.",
        Problems.NotJson());

    public static readonly RefusalKind Failure = new(
        "FailureProblem",
        "The portal failed. `traceId` finds the reason in its log.",
        Problems.Plain(StatusCodes.Status500InternalServerError, "4bf92f3577b34da6a3ce929d0e0e4736"));

    public static readonly RefusalKind Unavailable = new(
        "UnavailableProblem",
        "The database is away, or more was asked of the portal than it can do in time. Send the same request again after `Retry-After` seconds; "
        + "it may have been done all the same.",
        Problems.Unavailable(TimeSpan.FromSeconds(5)));

    /// <summary>Of every route.</summary>
    public static readonly IReadOnlyList<RefusalKind> Failures = [Failure, Unavailable];

    /// <summary>Of every route that changes something.</summary>
    public static readonly IReadOnlyList<RefusalKind> Changing = [ForeignOrigin, TooLarge, NotJson, .. Failures];

    /// <summary>Of every route that takes a body.</summary>
    public static readonly IReadOnlyList<RefusalKind> Reading = [Fields, Body, Timeout, ClientLimit, .. Changing];

    /// <summary>Of every route that sends a code.</summary>
    public static readonly IReadOnlyList<RefusalKind> Sending = [.. Reading, Cooldown, TooManyCodes, Locked];

    /// <summary>Of a code that is entered.</summary>
    public static readonly IReadOnlyList<RefusalKind> Codes = [WrongCode, SupersededCode, NoCode, Locked];

    /// <summary>Of every route that only a bearer may call.</summary>
    public static readonly IReadOnlyList<RefusalKind> Bearers = [NotSignedIn, WrongToken];

    /// <summary>Where no route is, or not of this method.</summary>
    public static readonly IReadOnlyList<RefusalKind> Elsewhere = [ForeignOrigin, NotFound, MethodNotAllowed, TooLarge, NotJson];

    /// <summary>All of them, by status.</summary>
    public static readonly IReadOnlyList<RefusalKind> All =
    [
        Fields, Body,
        WrongCode, SupersededCode, NoCode, WrongPassword, WrongRefreshToken, WrongResetToken, NotSignedIn, WrongToken,
        ForeignOrigin, NotAllowed, NotVerified,
        UnknownAccount, NotFound, MethodNotAllowed, Timeout, AccountExists, NumberHeld, TooLarge, NotJson,
        Cooldown, TooManyCodes, Locked, ClientLimit,
        Failure, Unavailable,
    ];
}
