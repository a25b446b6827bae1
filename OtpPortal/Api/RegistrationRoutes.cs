using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.OpenApi;

namespace OtpPortal.Api;

/// <summary>A registration. Optional members may be omitted or null.</summary>
internal sealed record RegisterRequest
{
    [Required] public string? Email { get; init; }

    [Required] public string? Password { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? UserName { get; init; }

    public string? Mobile { get; init; }

    public string? CodeChallenge { get; init; }

    public override string ToString() => "******";
}

/// <summary>The routes for registration.</summary>
internal static class RegistrationRoutes
{
    public static RouteGroupBuilder MapRegistration(this RouteGroupBuilder auth)
    {
        auth.MapPost("register", RegisterAsync).WithDocs(RegistrationDocs.Register);
        return auth;
    }

    private static async Task<Results<Accepted<CodeSentResponse>, ProblemResult>> RegisterAsync(
        RegisterRequest body, HttpContext context, ApiClient client, Registration registration, CancellationToken cancellationToken)
    {
        if (client.TryReadRequester(context, body.CodeChallenge, out var refusal) is not { } requester)
        {
            return refusal;
        }

        var request = new RegistrationForm(body.Email, body.Password)
        {
            FirstName = ApiClient.NullIfBlank(body.FirstName),
            LastName = ApiClient.NullIfBlank(body.LastName),
            UserName = body.UserName,
            Mobile = body.Mobile,
        };
        return await registration.RegisterAsync(request, requester, cancellationToken) switch
        {
            RegisterOutcome.CodeSent sent =>
                CodeAnswers.Sent("A code is on its way. Enter it with POST /api/auth/verify-email-otp.", sent.Sent),
            RegisterOutcome.Refused refused => Problems.NotSent(refused.Refusal),
            RegisterOutcome.AlreadyExists => Problems.AccountExists(),
            RegisterOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }
}
