using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.Description;
using OtpPortal.Api.Tokens;
using OtpPortal.Otp;

namespace OtpPortal.Api;

/// <summary>A login: with a password, with a code, or, with neither, the wish for a code.</summary>
public sealed record LoginBody
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
public sealed record RefreshBody
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
        auth.MapPost("login", LoginAsync).DescribedBy(SignInTexts.Login);
        auth.MapPost("refresh", RefreshAsync).DescribedBy(SignInTexts.Refresh);
        auth.MapPost("logout", LogoutAsync).DescribedBy(SignInTexts.Logout).RequireBearer();
        auth.MapRead("me", Me).DescribedBy(SignInTexts.Me).RequireBearer();
        return auth;
    }

    /// <summary>Signs in with a code, by either route that does.</summary>
    internal static async Task<(LoginAnswer? Answer, Refusal? Refusal)> WithCodeAsync(
        SignIn signIn, TokenIssuer tokens, Entry entry, string? loginToken, CancellationToken cancel) =>
        await signIn.WithCodeAsync(entry.Address, entry.Otp, entry.Binding, loginToken, tokens.Request, cancel) switch
        {
            CodeOutcome.Accepted { Session: { } session } => (await tokens.IssueAsync(session), null),
            CodeOutcome.Refused refused => (null, Problems.Code(refused.Why)),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

    private static Task<Results<Ok<LoginAnswer>, Accepted<OtpRequiredAnswer>, Refusal>> LoginAsync(
        LoginBody body, HttpContext context, SignIn signIn, PasswordSignIn passwords, TokenIssuer tokens, CancellationToken cancel) => body switch
        {
            { Password: not null, Otp: not null } => Task.FromResult<Results<Ok<LoginAnswer>, Accepted<OtpRequiredAnswer>, Refusal>>(
                Problems.Field("otp", "Send the password or the code, not both. Where a code is the second factor, it comes in a request of its own.")),
            { Otp: not null } => EnterCodeAsync(body, context, signIn, tokens, cancel),
            { Password: not null } => EnterPasswordAsync(body, context, passwords, tokens, cancel),
            _ => AskForCodeAsync(body, context, signIn, cancel),
        };

    private static async Task<Results<Ok<LoginAnswer>, Accepted<OtpRequiredAnswer>, Refusal>> EnterCodeAsync(
        LoginBody body, HttpContext context, SignIn signIn, TokenIssuer tokens, CancellationToken cancel)
    {
        if (Client.Enters(context, new TypedCode(body.Email, body.Mobile, body.Otp, body.CodeVerifier), out var refusal) is not { } entry)
        {
            return refusal;
        }

        var (answer, refused) = await WithCodeAsync(signIn, tokens, entry, Client.Given(body.LoginToken), cancel);
        return answer is null ? refused! : TypedResults.Ok(answer);
    }

    private static async Task<Results<Ok<LoginAnswer>, Accepted<OtpRequiredAnswer>, Refusal>> EnterPasswordAsync(
        LoginBody body, HttpContext context, PasswordSignIn passwords, TokenIssuer tokens, CancellationToken cancel)
    {
        if (Client.CountTry(context) is { } limit)
        {
            return limit;
        }

        if (Client.Asker(context, body.CodeChallenge, body.CodeVerifier, out var refusal) is not { } asker)
        {
            return refusal;
        }

        var request = new PasswordSignInRequest(body.Email, body.Password, asker, tokens.Request)
        {
            Mobile = body.Mobile,
            Channel = Client.Given(body.Channel),
            LoginToken = Client.Given(body.LoginToken),
        };
        var outcome = await passwords.SignInAsync(request, cancel);
        return outcome switch
        {
            SignInOutcome.SignedIn signedIn => TypedResults.Ok(await tokens.IssueAsync(signedIn.Session)),
            SignInOutcome.CodeRequired { Purpose: Purpose.Register } unverified => Problems.NotVerified(unverified.Send),
            SignInOutcome.CodeRequired { Send: SendOutcome.Sent sent } required => OtpRequired(
                "The password is right. A code is on its way: send it as otp, with the loginToken.", sent.Cooldown, sent.ExpiresIn, required.LoginToken),

            // The code before it is so recent that no new one may be sent. It is still good, with the token that came with it.
            SignInOutcome.CodeRequired { Send: SendOutcome.Refused { Reason: SendRefusal.Cooldown } recent } required
                when required.LoginToken == request.LoginToken =>
                OtpRequired("The password is right. A code was sent a moment ago: send it as otp, with the loginToken.", recent.Wait, expiresIn: null, required.LoginToken),
            SignInOutcome.CodeRequired { Send: SendOutcome.Refused refused } => Problems.NotSent(refused),
            SignInOutcome.Wrong => Problems.WrongPassword(),
            SignInOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private static async Task<Results<Ok<LoginAnswer>, Accepted<OtpRequiredAnswer>, Refusal>> AskForCodeAsync(
        LoginBody body, HttpContext context, SignIn signIn, CancellationToken cancel)
    {
        if (Client.Asks(context, body.CodeChallenge, out var refusal) is not { } asker)
        {
            return refusal;
        }

        var outcome = await signIn.RequestCodeAsync(body.Email, asker, cancel, Client.Given(body.Channel), body.Mobile);
        return RegistrationRoutes.CodeRequested(outcome).Result switch
        {
            Accepted<CodeSentAnswer> { Value: { } sent } => TypedResults.Accepted(
                (string?)null, new OtpRequiredAnswer(sent.Message, OtpRequired: true, sent.CooldownSeconds, sent.ExpiresInSeconds)),
            var refused => (Refusal)refused,
        };
    }

    private static async Task<Results<Ok<TokensAnswer>, Refusal>> RefreshAsync(
        RefreshBody body, HttpContext context, TokenIssuer tokens, CancellationToken cancel)
    {
        if (Client.CountTry(context) is { } limit)
        {
            return limit;
        }

        if (string.IsNullOrEmpty(body.RefreshToken))
        {
            return Problems.Field("refreshToken", "Send the refresh token that came with the last access token.");
        }

        return await tokens.ContinueAsync(body.RefreshToken, cancel) is { } pair ? TypedResults.Ok(pair) : Problems.WrongRefreshToken();
    }

    private static async Task<NoContent> LogoutAsync(HttpContext context, Sessions sessions)
    {
        await sessions.SignOutAsync(BearerHandler.ShownIn(context).SessionId);
        return TypedResults.NoContent();
    }

    private static Ok<ProfileAnswer> Me(HttpContext context) => TypedResults.Ok(ProfileAnswer.Of(BearerHandler.UserOf(context)));

    private static Accepted<OtpRequiredAnswer> OtpRequired(string message, TimeSpan cooldown, TimeSpan? expiresIn, string? loginToken) => TypedResults.Accepted(
        (string?)null,
        new OtpRequiredAnswer(message, OtpRequired: true, Problems.Seconds(cooldown), expiresIn is null ? null : Problems.Seconds(expiresIn.Value))
        {
            LoginToken = loginToken,
        });
}
