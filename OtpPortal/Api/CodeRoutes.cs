using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>A request for a code.</summary>
internal sealed record SendCodeRequest
{
    public string? Email { get; init; }

    public string? Mobile { get; init; }

    public string? Purpose { get; init; }

    public string? Channel { get; init; }

    public string? CodeChallenge { get; init; }
}

/// <summary>An entered code.</summary>
internal sealed record VerifyCodeRequest
{
    public string? Email { get; init; }

    public string? Mobile { get; init; }

    [Required] public string? Otp { get; init; }

    public string? Purpose { get; init; }

    public string? CodeVerifier { get; init; }

    public bool? Move { get; init; }

    public override string ToString() => "******";
}

/// <summary>The two routes for codes of every purpose.</summary>
internal static class CodeRoutes
{
    public static RouteGroupBuilder MapCodes(this RouteGroupBuilder auth)
    {
        auth.MapPost("send-email-otp", SendAsync).WithDocs(RegistrationDocs.Send);
        auth.MapPost("verify-email-otp", VerifyAsync).WithDocs(RegistrationDocs.Verify);
        return auth;
    }

    private static async Task<Results<Accepted<CodeSentResponse>, ProblemResult>> SendAsync(
        SendCodeRequest body, HttpContext context, ApiClient client, AccountCodes codes, CancellationToken cancellationToken)
    {
        if (client.TryReadRequester(context, body.CodeChallenge, out var refusal) is not { } requester)
        {
            return refusal;
        }

        if (ReadPurpose(body.Purpose) is not { } purpose)
        {
            return Problems.Fields([ApiClient.UnknownPurpose]);
        }

        if (purpose == Purpose.Login && !codes.CodeAloneSuffices)
        {
            return Problems.Field(
                "purpose", "Here the code comes after the password: POST /api/auth/login with the password sends it.");
        }

        if (Identifiers.Parse(body.Email, body.Mobile, out var unnamed) is not { } identifier)
        {
            return Problems.Fields([unnamed!]);
        }

        var use = CodeUses.Of(purpose, identifier);
        if (NeedsSignIn(context, use) is { } notSignedIn)
        {
            return notSignedIn;
        }

        var request = new CodeRequest(use, identifier, requester)
        {
            Channel = ApiClient.NullIfBlank(body.Channel),
            AccountId = AccountOf(context, use),
        };
        return CodeAnswers.Requested(await codes.RequestAsync(request, cancellationToken), use);
    }

    private static async Task<Results<Ok<VerifiedResponse>, ProblemResult>> VerifyAsync(
        VerifyCodeRequest body, HttpContext context, ApiClient client, AccountCodes codes, TokenIssuer tokens,
            CancellationToken cancellationToken)
    {
        var typed = new TypedCode(body.Email, body.Mobile, body.Otp, body.CodeVerifier);
        if (client.TryReadCode(context, typed, ReadPurpose(body.Purpose), out var refusal) is not { } entry)
        {
            return refusal;
        }

        if (NeedsSignIn(context, entry.Use) is { } notSignedIn)
        {
            return notSignedIn;
        }

        entry = entry with
        {
            AccountId = AccountOf(context, entry.Use),
            MovesNumber = body.Move ?? false,
            Session = entry.Use == CodeUse.SignIn ? tokens.Request : null,
        };
        return await codes.EnterAsync(entry, cancellationToken) switch
        {
            CodeEntryOutcome.MobileVerified => TypedResults.Ok(new VerifiedResponse("The mobile number is verified.")),
            CodeEntryOutcome.TicketIssued issued => TypedResults.Ok(
                new VerifiedResponse("The code is right. Set the new password with POST /api/auth/forgot-password/reset.")
                {
                    ResetToken = issued.Ticket,
                    ExpiresInSeconds = issued.ExpiresIn.CeilingSeconds(),
                }),
            CodeEntryOutcome.Accepted { Session: { } session } => TypedResults.Ok(
                new VerifiedResponse("The code is right. You are signed in.") { Login = await tokens.IssueAsync(session) }),
            CodeEntryOutcome.Accepted =>
                TypedResults.Ok(new VerifiedResponse("The address is verified. The account can be signed in to.")),
            var outcome => CodeAnswers.NotAccepted(outcome),
        };
    }

    /// <summary>
    /// A mobile number is verified only for a signed-in account that has the number. Otherwise strangers could use up the portal's texts
    /// with numbers of their choice, and learn which addresses have an account.
    /// </summary>
    private static ProblemResult? NeedsSignIn(HttpContext context, CodeUse use) =>
        use.RequiresSignIn() && context.User.Identity is not { IsAuthenticated: true }
            ? Problems.NotSignedIn(context.Request.Headers.Authorization.Count > 0)
            : null;

    private static string? AccountOf(HttpContext context, CodeUse use) =>
        use.RequiresSignIn() ? BearerHandler.UserOf(context).Id : null;

    private static Purpose? ReadPurpose(string? name) => string.IsNullOrEmpty(name)
        ? Purpose.Register
        : Enum.GetValues<Purpose>().Cast<Purpose?>().FirstOrDefault(purpose => purpose!.Value.Name() == name);
}
