using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>A sign-in with a password or a code. Without both, it requests a code.</summary>
internal sealed record LoginRequest
{
    public string? Email { get; init; }

    public string? Mobile { get; init; }

    public string? Password { get; init; }

    public string? Otp { get; init; }

    public string? CodeVerifier { get; init; }

    public string? Channel { get; init; }

    public string? CodeChallenge { get; init; }

    public string? LoginToken { get; init; }

    public override string ToString() => "******";
}

/// <summary>A request for the next pair of tokens.</summary>
internal sealed record RefreshRequest
{
    [Required] public string? RefreshToken { get; init; }

    public override string ToString() => "******";
}

/// <summary>The routes for signing in, refreshing tokens and signing out.</summary>
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

    private static Task<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>> LoginAsync(
        LoginRequest body, HttpContext context, ApiClient client, AccountCodes codes, PasswordSignIn passwords, TokenIssuer tokens,
            CancellationToken cancellationToken) => body switch
        {
            { Password: not null, Otp: not null } =>
                Task.FromResult<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>>(
                Problems.Field("otp",
                    "Send the password or the code, not both. Where a code is the second factor, it comes in a request of its own.")),
            { Otp: not null } => EnterCodeAsync(body, context, client, codes, tokens, cancellationToken),
            { Password: not null } => EnterPasswordAsync(body, context, client, passwords, tokens, cancellationToken),
            _ => RequestCodeAsync(body, context, client, codes, cancellationToken),
        };

    private static async Task<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>> EnterCodeAsync(
        LoginRequest body, HttpContext context, ApiClient client, AccountCodes codes, TokenIssuer tokens,
            CancellationToken cancellationToken)
    {
        var typed = new TypedCode(body.Email, body.Mobile, body.Otp, body.CodeVerifier);
        if (client.TryReadCode(context, typed, Purpose.Login, out var refusal) is not { } entry)
        {
            return refusal;
        }

        entry = entry with { LoginToken = ApiClient.NullIfBlank(body.LoginToken), Session = tokens.Request };
        var outcome = await codes.EnterAsync(entry, cancellationToken);
        return outcome is CodeEntryOutcome.Accepted { Session: { } session }
            ? TypedResults.Ok(await tokens.IssueAsync(session))
            : CodeAnswers.NotAccepted(outcome);
    }

    private static async Task<Results<Ok<LoginResponse>, Accepted<OtpRequiredResponse>, ProblemResult>> EnterPasswordAsync(
        LoginRequest body, HttpContext context, ApiClient client, PasswordSignIn passwords, TokenIssuer tokens,
            CancellationToken cancellationToken)
    {
        if (client.CountAttempt(context) is { } limit)
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
            SignInOutcome.CodeRequired { Use: CodeUse.VerifyEmail } unverified => Problems.NotVerified(unverified.Send),
            SignInOutcome.CodeRequired { Send: SendOutcome.Sent sent } required => OtpRequired(
                "The password is right. A code is on its way: send it as otp, with the loginToken.", sent.Cooldown, sent.ExpiresIn,
                    required.LoginToken),

            // The last code is so recent that no new one may be sent. It is still valid, with the token of the response before.
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
        LoginRequest body, HttpContext context, ApiClient client, AccountCodes codes, CancellationToken cancellationToken)
    {
        if (client.TryReadRequester(context, body.CodeChallenge, out var refusal) is not { } requester)
        {
            return refusal;
        }

        if (!codes.CodeAloneSuffices)
        {
            return Problems.Field("password", SignInCodes.PasswordFirst);
        }

        if (Identifiers.Parse(body.Email, body.Mobile, out var unnamed) is not { } identifier)
        {
            return Problems.Fields([unnamed!]);
        }

        var request = new CodeRequest(CodeUse.SignIn, identifier, requester) { Channel = ApiClient.NullIfBlank(body.Channel) };
        return CodeAnswers.Requested(await codes.RequestAsync(request, cancellationToken), CodeUse.SignIn).Result switch
        {
            Accepted<CodeSentResponse> { Value: { } sent } => TypedResults.Accepted(
                (string?)null, new OtpRequiredResponse(sent.Message, OtpRequired: true, sent.CooldownSeconds, sent.ExpiresInSeconds)),
            var refused => (ProblemResult)refused,
        };
    }

    private static async Task<Results<Ok<TokensResponse>, ProblemResult>> RefreshAsync(
        RefreshRequest body, HttpContext context, ApiClient client, TokenIssuer tokens, CancellationToken cancellationToken)
    {
        if (client.CountAttempt(context) is { } limit)
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
            message, OtpRequired: true, cooldown.CeilingSeconds(), expiresIn is null ? null : expiresIn.Value.CeilingSeconds())
        {
            LoginToken = loginToken,
        });
}
