using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Otp;

namespace OtpPortal.Api;

/// <summary>A login: with a password, with a code, or, with neither, the wish for a code.</summary>
public sealed record LoginRequest
{
    public string? Email { get; init; }

    public string? Mobile { get; init; }

    public string? Password { get; init; }

    public string? Otp { get; init; }

    public string? CodeVerifier { get; init; }

    public string? Channel { get; init; }

    public string? CodeChallenge { get; init; }

    public string? LoginToken { get; init; }

    /// <summary>Without password, code and token.</summary>
    public override string ToString() => "******";
}

/// <summary>Asks for the next pair of tokens.</summary>
public sealed record RefreshRequest
{
    [Required] public string? RefreshToken { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => "******";
}

/// <summary>Signing in, staying so, and out.</summary>
internal static class SignInRoutes
{
    public static RouteGroupBuilder MapSignIn(this RouteGroupBuilder auth)
    {
        auth.MapPost("login", LoginAsync).WithDocs(SignInDocs.Login);
        auth.MapPost("refresh", RefreshAsync).WithDocs(SignInDocs.Refresh);
        auth.MapPost("logout", LogoutAsync).WithDocs(SignInDocs.Logout).RequireBearer();
        auth.MapRead("me", Me).WithDocs(SignInDocs.Me).RequireBearer();
        return auth;
    }

    /// <summary>Signs in with a code, by either route that does.</summary>
    internal static async Task<(LoginResponse? Answer, ProblemResult? Refusal)> WithCodeAsync(
        SignIn signIn, TokenIssuer tokens, CodeEntry entry, string? loginToken, CancellationToken cancellationToken) =>
        await signIn.WithCodeAsync(entry.Address, entry.Otp, entry.Binding, loginToken, tokens.Request, cancellationToken) switch
        {
            CodeOutcome.Accepted { Session: { } session } => (await tokens.IssueAsync(session), null),
            CodeOutcome.Refused refused => (null, Problems.Code(refused.Outcome)),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

    private static Task<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>> LoginAsync(
        LoginRequest body, HttpContext context, SignIn signIn, PasswordSignIn passwords, TokenIssuer tokens,
            CancellationToken cancellationToken) => body switch
        {
            { Password: not null, Otp: not null } =>
                Task.FromResult<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>>(
                Problems.Field("otp",
                    "Send the password or the code, not both. Where a code is the second factor, it comes in a request of its own.")),
            { Otp: not null } => EnterCodeAsync(body, context, signIn, tokens, cancellationToken),
            { Password: not null } => EnterPasswordAsync(body, context, passwords, tokens, cancellationToken),
            _ => RequestCodeAsync(body, context, signIn, cancellationToken),
        };

    private static async Task<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>> EnterCodeAsync(
        LoginRequest body, HttpContext context, SignIn signIn, TokenIssuer tokens, CancellationToken cancellationToken)
    {
        if (ApiClient.TryReadCode(
            context, new TypedCode(body.Email, body.Mobile, body.Otp, body.CodeVerifier), out var refusal) is not { } entry)
        {
            return refusal;
        }

        var (answer, refused) = await WithCodeAsync(signIn, tokens, entry, ApiClient.NullIfBlank(body.LoginToken), cancellationToken);
        return answer is null ? refused! : TypedResults.Ok(answer);
    }

    private static async Task<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>> EnterPasswordAsync(
        LoginRequest body, HttpContext context, PasswordSignIn passwords, TokenIssuer tokens, CancellationToken cancellationToken)
    {
        if (ApiClient.CountAttempt(context) is { } limit)
        {
            return limit;
        }

        if (ApiClient.Requester(context, body.CodeChallenge, body.CodeVerifier, out var refusal) is not { } requester)
        {
            return refusal;
        }

        var request = new PasswordSignInRequest(body.Email, body.Password, requester, tokens.Request)
        {
            Mobile = body.Mobile,
            Channel = ApiClient.NullIfBlank(body.Channel),
            LoginToken = ApiClient.NullIfBlank(body.LoginToken),
        };
        var outcome = await passwords.SignInAsync(request, cancellationToken);
        return outcome switch
        {
            SignInOutcome.SignedIn signedIn => TypedResults.Ok(await tokens.IssueAsync(signedIn.Session)),
            SignInOutcome.CodeRequired { Purpose: Purpose.Register } unverified => Problems.NotVerified(unverified.Send),
            SignInOutcome.CodeRequired { Send: SendOutcome.Sent sent } required => OtpRequired(
                "The password is right. A code is on its way: send it as otp, with the loginToken.", sent.Cooldown, sent.ExpiresIn,
                    required.LoginToken),

            // The code before it is so recent that no new one may be sent. It is still good, with the token that came with it.
            SignInOutcome.CodeRequired { Send: SendOutcome.Refused { Reason: SendRefusal.Cooldown } recent } required
                when required.LoginToken == request.LoginToken =>
                OtpRequired("The password is right. A code was sent a moment ago: send it as otp, with the loginToken.", recent.Wait,
                    expiresIn: null, required.LoginToken),
            SignInOutcome.CodeRequired { Send: SendOutcome.Refused refused } => Problems.NotSent(refused),
            SignInOutcome.Wrong => Problems.WrongPassword(),
            SignInOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private static async Task<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>> RequestCodeAsync(
        LoginRequest body, HttpContext context, SignIn signIn, CancellationToken cancellationToken)
    {
        if (ApiClient.TryReadRequester(context, body.CodeChallenge, out var refusal) is not { } requester)
        {
            return refusal;
        }

        var outcome = await signIn.RequestCodeAsync(
            body.Email, requester, cancellationToken, ApiClient.NullIfBlank(body.Channel), body.Mobile);
        return RegistrationRoutes.CodeRequested(outcome).Result switch
        {
            Accepted<CodeSentResponse> { Value: { } sent } => TypedResults.Accepted(
                (string?)null, new OtpRequiredResponse(sent.Message, OtpRequired: true, sent.CooldownSeconds, sent.ExpiresInSeconds)),
            var refused => (ProblemResult)refused,
        };
    }

    private static async Task<Results<Ok<TokensResponse>, ProblemResult>> RefreshAsync(
        RefreshRequest body, HttpContext context, TokenIssuer tokens, CancellationToken cancellationToken)
    {
        if (ApiClient.CountAttempt(context) is { } limit)
        {
            return limit;
        }

        if (string.IsNullOrEmpty(body.RefreshToken))
        {
            return Problems.Field("refreshToken", "Send the refresh token that came with the last access token.");
        }

        return await tokens.ContinueAsync(body.RefreshToken, cancellationToken) is { } pair
            ? TypedResults.Ok(pair)
            : Problems.WrongRefreshToken();
    }

    private static async Task<NoContent> LogoutAsync(HttpContext context, Sessions sessions)
    {
        await sessions.SignOutAsync(BearerHandler.TokenIn(context).SessionId);
        return TypedResults.NoContent();
    }

    private static Ok<ProfileResponse> Me(HttpContext context) => TypedResults.Ok(ProfileResponse.Of(BearerHandler.UserOf(context)));

    private static Accepted<OtpRequiredResponse> OtpRequired(string message, TimeSpan cooldown, TimeSpan? expiresIn, string? loginToken) =>
        TypedResults.Accepted(
        (string?)null,
        new OtpRequiredResponse(
            message, OtpRequired: true, Problems.Seconds(cooldown), expiresIn is null ? null : Problems.Seconds(expiresIn.Value))
        {
            LoginToken = loginToken,
        });
}
