using System.Net;

namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>A route with a request that it takes: what is malformed begins with what is well formed.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Usual">What it answers to the request as it stands here.</param>
/// <param name="Members">The members of its body as JSON; <c>{n}</c> in them is the number of the request. None for no body.</param>
public sealed record FuzzRoute(HttpMethod Method, string Path, HttpStatusCode Usual, params (string Name, string Json)[] Members)
{
    private const string Challenge = "\"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\"";
    private const string Verifier = "\"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\"";
    private const string Email = "\"fuzz{n}@example.com\"";
    private const string Password = "\"correct horse battery\"";

    public static IReadOnlyList<FuzzRoute> All { get; } =
    [
        Post("register", HttpStatusCode.Accepted, ("email", Email), ("password", Password), ("firstName", "\"Ann\""),
            ("lastName", "\"Other\""), ("userName", "\"fuzz{n}\""), ("mobile", "\"+44 7700 900123\""), ("codeChallenge", Challenge)),
        Post("send-email-otp", HttpStatusCode.Accepted, ("email", Email), ("purpose", "\"register\""), ("channel", "\"email\""),
            ("codeChallenge", Challenge)),
        Post("send-email-otp", HttpStatusCode.Accepted, ("email", Email), ("purpose", "\"login\"")),
        Post("send-email-otp", HttpStatusCode.Accepted, ("purpose", "\"forgot_password\""), ("email", Email)),
        Post("verify-email-otp", HttpStatusCode.Unauthorized, ("email", Email), ("otp", "\"123456\""), ("purpose", "\"register\""),
            ("codeVerifier", Verifier)),
        Post("verify-email-otp", HttpStatusCode.Unauthorized, ("email", Email), ("otp", "\"123456\""), ("purpose", "\"login\"")),
        Post("verify-email-otp", HttpStatusCode.Unauthorized, ("mobile", "\"+447700900123\""), ("otp", "\"123456\"")),
        Post("login", HttpStatusCode.Unauthorized, ("email", Email), ("password", Password)),
        Post("login", HttpStatusCode.Unauthorized, ("mobile", "\"+447700900123\""), ("password", Password)),
        Post("login", HttpStatusCode.Unauthorized, ("email", Email), ("otp", "\"123456\""), ("codeVerifier", Verifier),
            ("loginToken", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")),
        Post("login", HttpStatusCode.Accepted, ("email", Email), ("channel", "\"email\""), ("codeChallenge", Challenge)),
        Post("refresh", HttpStatusCode.Unauthorized, ("refreshToken", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")),
        Post("refresh", HttpStatusCode.OK, ("refreshToken", "\"{refresh}\"")),
        Post("forgot-password/send-otp", HttpStatusCode.Accepted, ("email", Email), ("channel", "\"email\""), ("codeChallenge", Challenge)),
        Post("forgot-password/verify-otp", HttpStatusCode.Unauthorized, ("email", Email), ("otp", "\"123456\""),
            ("codeVerifier", Verifier)),
        Post("forgot-password/reset", HttpStatusCode.Unauthorized, ("email", Email),
            ("resetToken", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""), ("newPassword", Password)),
        Post("logout", HttpStatusCode.NoContent) with { NeedsToken = true },
        new(HttpMethod.Get, "/api/auth/me", HttpStatusCode.OK) { NeedsToken = true },
        new(HttpMethod.Get, "/api/auth/check", HttpStatusCode.OK) { NeedsToken = true },
        new(HttpMethod.Get, "/.well-known/jwks.json", HttpStatusCode.OK),
    ];

    /// <summary>Whether it shows an access token.</summary>
    public bool NeedsToken { get; init; }

    /// <summary>The body, with members changed (or taken away: null) or added.</summary>
    public string Body(params (string Name, string? Json)[] changes) => $"{{{string.Join(
        ',',
        Members.Where(member => changes.All(change => change.Name != member.Name)).Select(member => (member.Name, Json: (string?)member.Json))
            .Concat(changes).Where(member => member.Json is not null).Select(member => $"\"{member.Name}\":{member.Json}"))}}}";

    private static FuzzRoute Post(string path, HttpStatusCode usual, params (string Name, string Json)[] members) =>
        new(HttpMethod.Post, $"/api/auth/{path}", usual, members);
}
