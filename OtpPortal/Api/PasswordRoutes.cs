using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.Description;

namespace OtpPortal.Api;

/// <summary>Asks for a code for a forgotten password.</summary>
public sealed record ForgotPasswordBody
{
    [Required] public string? Email { get; init; }

    public string? Channel { get; init; }

    public string? CodeChallenge { get; init; }
}

/// <summary>Enters it.</summary>
public sealed record ForgotPasswordCodeBody
{
    [Required] public string? Email { get; init; }

    [Required] public string? Otp { get; init; }

    public string? CodeVerifier { get; init; }

    /// <summary>Without the code.</summary>
    public override string ToString() => "******";
}

/// <summary>Sets a new password.</summary>
public sealed record ResetPasswordBody
{
    [Required] public string? Email { get; init; }

    [Required] public string? ResetToken { get; init; }

    [Required] public string? NewPassword { get; init; }

    /// <summary>Without token and password.</summary>
    public override string ToString() => "******";
}

/// <summary>A forgotten password: a code, the token that it yields, the new password.</summary>
internal static class PasswordRoutes
{
    public static RouteGroupBuilder MapPasswords(this RouteGroupBuilder auth)
    {
        var forgot = auth.MapGroup("forgot-password");
        forgot.MapPost("send-otp", SendAsync).DescribedBy(PasswordTexts.Send);
        forgot.MapPost("verify-otp", VerifyAsync).DescribedBy(PasswordTexts.Verify);
        forgot.MapPost("reset", ResetAsync).DescribedBy(PasswordTexts.Reset);
        return auth;
    }

    private static async Task<Results<Accepted<CodeSentAnswer>, Refusal>> SendAsync(
        ForgotPasswordBody body, HttpContext context, PasswordReset reset, CancellationToken cancel) =>
        Client.Asks(context, body.CodeChallenge, out var refusal) is { } asker
            ? RegistrationRoutes.CodeRequested(await reset.RequestAsync(body.Email, asker, cancel, Client.Given(body.Channel)))
            : refusal;

    private static async Task<Results<Ok<ResetTokenAnswer>, Refusal>> VerifyAsync(
        ForgotPasswordCodeBody body, HttpContext context, PasswordReset reset, CancellationToken cancel)
    {
        if (Client.Enters(context, new TypedCode(body.Email, Mobile: null, body.Otp, body.CodeVerifier), out var refusal) is not { } entry)
        {
            return refusal;
        }

        return await reset.VerifyAsync(entry.Address, entry.Otp, entry.Binding, cancel) switch
        {
            ResetCodeOutcome.Accepted accepted => TypedResults.Ok(new ResetTokenAnswer(accepted.Ticket, Problems.Seconds(accepted.ExpiresIn))),
            ResetCodeOutcome.Refused refused => Problems.Code(refused.Why),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private static async Task<Results<Ok<DoneAnswer>, Refusal>> ResetAsync(
        ResetPasswordBody body, HttpContext context, PasswordReset reset, CancellationToken cancel)
    {
        if (Client.CountTry(context) is { } limit)
        {
            return limit;
        }

        var email = EmailAddress.Parse(body.Email, out var noAddress)?.Value;
        var errors = new List<FieldError>();
        Note("email", noAddress);
        Note("resetToken", string.IsNullOrEmpty(body.ResetToken) ? "Send the token that POST /api/auth/forgot-password/verify-otp answered." : null);
        Note("newPassword", PasswordRules.Check(body.NewPassword, email));
        if (errors.Count > 0)
        {
            return Problems.Fields(errors);
        }

        return await reset.ResetAsync(email!, body.ResetToken!, body.NewPassword, passwordAgain: null, cancel) switch
        {
            ResetOutcome.Done => TypedResults.Ok(new DoneAnswer("The new password is set, and all sessions are ended. Sign in with it.")),
            ResetOutcome.NoTicket => Problems.WrongResetToken(),
            ResetOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };

        void Note(string field, string? wrong)
        {
            if (wrong is not null)
            {
                errors.Add(new FieldError(field, wrong));
            }
        }
    }
}
