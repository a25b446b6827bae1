using OtpPortal.Api.Tokens;

namespace OtpPortal.Api.OpenApi;

/// <summary>The routes for proxies and other programs.</summary>
internal static class OtherDocs
{
    public static readonly OperationDocs Check = new(
        "check",
        Tags.Proxies,
        "Tell a proxy who is signed in, or where to sign in",
        """
        For `auth_request` of nginx, `forwardAuth` of Traefik and `forward_auth` of Caddy. The session is the portal's cookie or an access
        token. If the request has a token, the cookie is ignored. The proxy sends the requested page in `X-Original-URL` or in the three
        `X-Forwarded-` headers, so that the person returns to it after signing in. A client that accepts `text/html` gets a page with the
        refusal that leads to the sign-in.
        """)
    {
        Parameters =
        [
            new("X-Original-URL", "The requested page, as an absolute URL.", "https://wiki.example.com/start"),
            new("X-Forwarded-Proto", "The scheme of the requested page.", "https"),
            new("X-Forwarded-Host", "The host of the requested page.", "wiki.example.com"),
            new("X-Forwarded-Uri", "The path and query of the requested page.", "/start"),
        ],
        Successes = [
            new(StatusCodes.Status200OK, "A person is signed in, and the headers identify them. There is no body.")
            {
                Headers = [Headers.NoStore, Headers.User, Headers.UserEmail, Headers.UserRoles],
            }],
        Refusals = [.. ProblemResponses.Bearers, .. ProblemResponses.Failures],
        UnauthorizedHeaders = [Headers.SignInPage],
        UnauthorizedPage = "<!doctype html>\n<html lang=\"en\"><head><meta http-equiv=\"refresh\" content=\"0; "
            + "url=https://portal.example.com/login\"></head><body>…</body></html>",
        Security = [BearerHandler.Name, DocumentFrame.Session],
    };

    public static readonly OperationDocs Keys = new(
        "keys",
        Tags.Keys,
        "Read the public keys that verify access tokens",
        """
        A JSON Web Key Set (RFC 7517). A new key is published an hour before it signs, and an old key until the last token that it signed
        has expired, so a copy that is at most five minutes old has all keys that are needed. Use the key whose `kid` is in the token's
        header, and no other algorithm than ES256.
        """)
    {
        Successes =
        [
            new(
                StatusCodes.Status200OK,
                "The keys.",
                new Example("keys", "One key",
                    new KeySet(
                        [new JsonWebKey("wYqXsU1tM0mJ8b9Zc2kQ5rV7nL4hT6pG3dF1aS0eXyA", "Rk2vB8xN5mC7zQ1wE3tY6uI9oP0aS4dF2gH8jK5lZxE",
                            "q3Jk9dX2sV7bN1mC8zL5wT4yR6uE0oP-aS_dF2gHhjI")]))) { Headers = [Headers.Cached] },
        ],
        Refusals = [.. ProblemResponses.Failures],
    };
}
