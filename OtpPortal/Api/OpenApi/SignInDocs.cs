using OtpPortal.Api.Tokens;

namespace OtpPortal.Api.OpenApi;

/// <summary>The routes for signing in, refreshing tokens and signing out.</summary>
internal static class SignInDocs
{
    private const string Tag = Tags.SignIn;

    public static readonly OperationDocs Login = new(
        "login",
        Tag,
        "Sign in with a password or a code, or request a code",
        """
        Send either `email` or `mobile`. With `password`, the person is signed in, unless `SignIn:SecondFactor` is `Code`: then the response
        is a 202 with a `loginToken`, which has to be sent within ten minutes together with `otp`. With `otp` alone, the person is signed in
        by a code. With neither, a code is sent. The access token is a JWT, signed with ES256, for the header `Authorization: Bearer`. The
        keys to verify it are at `/.well-known/jwks.json`.
        """)
    {
        Requests =
        [
            new("password", "With a password", new LoginRequest { Email = Samples.Email, Password = Samples.Password }),
            new("ask", "Request a code", new LoginRequest { Email = Samples.Email }),
            new("code", "With the code", new LoginRequest { Email = Samples.Email, Otp = Samples.Otp }),
            new("secondFactor", "With the code that follows the password",
                new LoginRequest { Email = Samples.Email, Otp = Samples.Otp, LoginToken = Samples.LoginToken }),
        ],
        Successes =
        [
            new(StatusCodes.Status200OK, "Signed in.", new Example("signedIn", "A pair of tokens, and their person", Samples.Login)),
            new(
                StatusCodes.Status202Accepted,
                "A code was requested, or must follow the password. The response is the same for an address without an account.",
                new Example("asked", "A code was requested",
                    new OtpRequiredResponse(
                        "If there is an account for it, a code is on its way.", OtpRequired: true, Samples.Cooldown, Samples.ExpiresIn)),
                new Example("secondFactor", "A code must follow the password",
                    new OtpRequiredResponse("The password is right. A code is on its way: send it as otp, with the loginToken.",
                        OtpRequired: true, Samples.Cooldown, Samples.ExpiresIn) { LoginToken = Samples.LoginToken }),
                new Example("still", "The same password with the token of an earlier 202, whose code was sent already",
                    new OtpRequiredResponse("The password is right. A code was sent a moment ago: send it as otp, with the loginToken.",
                        OtpRequired: true, 97, null) { LoginToken = Samples.LoginToken })),
        ],
        Refusals = [.. ProblemResponses.Sending, .. ProblemResponses.Codes, ProblemResponses.WrongPassword, ProblemResponses.NotVerified,
            ProblemResponses.UnknownAccount],
    };

    public static readonly OperationDocs Refresh = new(
        "refresh",
        Tag,
        "Exchange a refresh token for the next pair of tokens",
        """
        A refresh token can be used once. A second use shows that two clients have it, and ends the session with all its tokens. Store the
        new token before you discard the old one, and do not use an old one again.
        """)
    {
        Requests = [new("refresh", "The refresh token of the last response", new RefreshRequest { RefreshToken = Samples.RefreshToken })],
        Successes = [
            new(StatusCodes.Status200OK, "The session continues.",
                new Example(
                    "tokens", "The next pair", new TokensResponse(Samples.Token, "Bearer", Samples.TokenSeconds, Samples.RefreshToken)))],
        Refusals = [.. ProblemResponses.Reading, ProblemResponses.WrongRefreshToken],
    };

    public static readonly OperationDocs Logout = new(
        "logout",
        Tag,
        "Sign out: end the session of this token",
        "Ends the session that the access token belongs to, with its refresh token. Other sessions of the account "
            + "continue. The request has no body.")
    {
        Successes = [new(StatusCodes.Status204NoContent, "The session has ended, and its tokens are no longer valid.")],
        Refusals = [.. ProblemResponses.Changing, .. ProblemResponses.Bearers],
        Security = [BearerHandler.Name],
    };

    public static readonly OperationDocs Me = new(
        "me",
        Tag,
        "Read the profile of the person who is signed in",
        "The profile is current, and not as it was when the access token was issued.")
    {
        Successes =
        [
            new(
                StatusCodes.Status200OK,
                "The person to whom the access token belongs.",
                new Example("profile", "A profile", new ProfileResponse(
                    "5f0c7e52-6a1b-4b7e-9a43-0d9c1f2b8a11",
                    Samples.Email,
                    "ann.other",
                    "Ann",
                    "Other",
                    Samples.Mobile,
                    MobileVerified: true,
                    HasPassword: true,
                    [],
                    new DateTimeOffset(2026, 2, 14, 9, 30, 0, TimeSpan.Zero),
                    new DateTimeOffset(2026, 3, 1, 14, 3, 0, TimeSpan.Zero)))),
        ],
        Refusals = [.. ProblemResponses.Bearers, .. ProblemResponses.Failures],
        Security = [BearerHandler.Name],
    };
}
