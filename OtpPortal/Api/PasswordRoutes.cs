using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.OpenApi;
using OtpPortal.Data;
using OtpPortal.Hosting;

namespace OtpPortal.Api;

/// <summary>A request for a code for a forgotten password.</summary>
internal sealed record ForgotPasswordRequest
{
    [Required] public string? Email { get; init; }

    public string? Channel { get; init; }

    public string? CodeChallenge { get; init; }
}

/// <summary>An entered code for a forgotten password.</summary>
internal sealed record ForgotPasswordCodeRequest
{
    [Required] public string? Email { get; init; }

    [Required] public string? Otp { get; init; }

    public string? CodeVerifier { get; init; }

    public override string ToString() => "******";
}

/// <summary>A new password, with the token that allows setting it.</summary>
internal sealed record ResetPasswordRequest
{
    [Required] public string? Email { get; init; }

    [Required] public string? ResetToken { get; init; }

    [Required] public string? NewPassword { get; init; }

    public override string ToString() => "******";
}

/// <summary>The routes for a forgotten password: send a code, exchange it for a reset token, and set the new password.</summary>
internal static class PasswordRoutes
{
    public static RouteGroupBuilder MapPasswords(this RouteGroupBuilder auth)
    {
        var forgot = auth.MapGroup("forgot-password");
        forgot.MapPost("send-otp", SendAsync).WithDocs(PasswordDocs.Send);
        forgot.MapPost("verify-otp", VerifyAsync).WithDocs(PasswordDocs.Verify);
        forgot.MapPost("reset", ResetAsync).WithDocs(PasswordDocs.Reset);
        return auth;
    }

    private static async Task<Results<Accepted<CodeSentResponse>, ProblemResult>> SendAsync(
        ForgotPasswordRequest body, HttpContext context, ApiClient client, AccountCodes codes, CancellationToken cancellationToken)
    {
        if (client.TryReadRequester(context, body.CodeChallenge, out var refusal) is not { } requester)
        {
            return refusal;
        }

        if (EmailAddress.Parse(body.Email, out var error) is not { } email)
        {
            return Problems.Field("email", error!);
        }

        var request = new CodeRequest(CodeUse.ResetPassword, email, requester) { Channel = ApiClient.NullIfBlank(body.Channel) };
        return CodeAnswers.Requested(await codes.RequestAsync(request, cancellationToken), request.Use);
    }

    private static async Task<Results<Ok<ResetTokenResponse>, ProblemResult>> VerifyAsync(
        ForgotPasswordCodeRequest body, HttpContext context, ApiClient client, AccountCodes codes, CancellationToken cancellationToken)
    {
        var typed = new TypedCode(body.Email, Mobile: null, body.Otp, body.CodeVerifier);
        if (client.TryReadCode(context, typed, Purpose.ForgotPassword, out var refusal) is not { } entry)
        {
            return refusal;
        }

        var outcome = await codes.EnterAsync(entry, cancellationToken);
        return outcome is CodeEntryOutcome.TicketIssued issued
            ? TypedResults.Ok(new ResetTokenResponse(issued.Ticket, issued.ExpiresIn.CeilingSeconds()))
            : CodeAnswers.NotAccepted(outcome);
    }

    private static async Task<Results<Ok<DoneResponse>, ProblemResult>> ResetAsync(
        ResetPasswordRequest body, HttpContext context, ApiClient client, PasswordReset reset, CancellationToken cancellationToken)
    {
        if (client.CountAttempt(context) is { } limit)
        {
            return limit;
        }

        var email = EmailAddress.Parse(body.Email, out var noAddress);
        var errors = new List<FieldError>();
        Note("email", noAddress);
        Note("resetToken",
            string.IsNullOrEmpty(body.ResetToken) ? "Send the token that POST /api/auth/forgot-password/verify-otp answered." : null);
        Note("newPassword", PasswordRules.Check(body.NewPassword, email?.Value));
        if (errors.Count > 0)
        {
            return Problems.Fields(errors);
        }

        return await reset.ResetAsync(email!, body.ResetToken!, body.NewPassword, confirmPassword: null, cancellationToken) switch
        {
            ResetOutcome.Done => TypedResults.Ok(new DoneResponse("The new password is set, and all sessions are ended. Sign in with it.")),
            ResetOutcome.NoTicket => Problems.WrongResetToken(),
            ResetOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

        void Note(string field, string? error)
        {
            if (error is not null)
            {
                errors.Add(new FieldError(field, error));
            }
        }
    }
}
