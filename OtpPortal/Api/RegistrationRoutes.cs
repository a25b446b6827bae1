using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.OpenApi;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Api;

/// <summary>A registration. What is optional may be left out or null.</summary>
public sealed record RegisterRequest
{
    [Required] public string? Email { get; init; }

    [Required] public string? Password { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? UserName { get; init; }

    public string? Mobile { get; init; }

    public string? CodeChallenge { get; init; }

    /// <summary>Without the password.</summary>
    public override string ToString() => "******";
}

/// <summary>Asks for a code.</summary>
public sealed record SendCodeRequest
{
    public string? Email { get; init; }

    public string? Mobile { get; init; }

    public string? Purpose { get; init; }

    public string? Channel { get; init; }

    public string? CodeChallenge { get; init; }
}

/// <summary>Enters a code.</summary>
public sealed record VerifyCodeRequest
{
    public string? Email { get; init; }

    public string? Mobile { get; init; }

    [Required] public string? Otp { get; init; }

    public string? Purpose { get; init; }

    public string? CodeVerifier { get; init; }

    public bool? Move { get; init; }

    /// <summary>Without the code.</summary>
    public override string ToString() => "******";
}

/// <summary>Registering, and codes of every purpose by the two routes that take them all.</summary>
internal static class RegistrationRoutes
{
    private static readonly FieldError UnknownPurpose =
        new("purpose", "There is no such purpose. Send register, login or forgot_password, or leave it out for register.");

    public static RouteGroupBuilder MapRegistration(this RouteGroupBuilder auth)
    {
        auth.MapPost("register", RegisterAsync).WithDocs(RegistrationDocs.Register);
        auth.MapPost("send-email-otp", SendAsync).WithDocs(RegistrationDocs.Send);
        auth.MapPost("verify-email-otp", VerifyAsync).WithDocs(RegistrationDocs.Verify);
        return auth;
    }

    private static async Task<Results<Accepted<CodeSentResponse>, ProblemResult>> RegisterAsync(
        RegisterRequest body, HttpContext context, Registration registration, CancellationToken cancellationToken)
    {
        if (ApiClient.TryReadRequester(context, body.CodeChallenge, out var refusal) is not { } requester)
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
            RegisterOutcome.CodeSent sent => CodeSent("A code is on its way. Enter it with POST /api/auth/verify-email-otp.", sent.Sent),
            RegisterOutcome.Refused refused => Problems.NotSent(refused.Refusal),
            RegisterOutcome.AlreadyExists => Problems.AccountExists(),
            RegisterOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private static async Task<Results<Accepted<CodeSentResponse>, ProblemResult>> SendAsync(
        SendCodeRequest body, HttpContext context, Registration registration, MobileVerification mobiles, SignIn signIn,
            PasswordReset reset, CancellationToken cancellationToken)
    {
        if (ApiClient.TryReadRequester(context, body.CodeChallenge, out var refusal) is not { } requester)
        {
            return refusal;
        }

        var channel = ApiClient.NullIfBlank(body.Channel);
        return ReadPurpose(body.Purpose) switch
        {
            Purpose.Login when !signIn.CodeAloneSuffices =>
                Problems.Field("purpose", "Here the code comes after the password: POST /api/auth/login with the password sends it."),
            Purpose.Register when !string.IsNullOrWhiteSpace(body.Mobile) =>
                await SendToMobileAsync(body, context, mobiles, requester, channel, cancellationToken),
            Purpose.Register => CodeRequested(await registration.RequestCodeAsync(body.Email, requester, channel, cancellationToken)),
            Purpose.Login => CodeRequested(await signIn.RequestCodeAsync(body.Email, requester, cancellationToken, channel, body.Mobile)),
            Purpose.ForgotPassword =>
                CodeRequested(await reset.RequestAsync(body.Email, requester, cancellationToken, channel, body.Mobile)),
            _ => Problems.Fields([UnknownPurpose]),
        };
    }

    /// <summary>
    /// A number is verified only at the wish of the account that names it: strangers who name numbers would spend the portal's texts, and
    /// learn which addresses have an
    /// account.
    /// </summary>
    private static async Task<Results<Accepted<CodeSentResponse>, ProblemResult>> SendToMobileAsync(
        SendCodeRequest body, HttpContext context, MobileVerification mobiles, Requester requester, string? channel,
            CancellationToken cancellationToken)
    {
        if (PersonAddress.Parse(body.Email, body.Mobile, out var unnamed) is not { } number)
        {
            return Problems.Fields([unnamed!]);
        }

        if (context.User.Identity is not { IsAuthenticated: true })
        {
            return Problems.NotSignedIn(context.Request.Headers.Authorization.Count > 0);
        }

        var channels = context.RequestServices.GetRequiredService<Channels>();
        channel ??= channels.DefaultForMobile;
        if (!channels.ToPhones.Contains(channel))
        {
            return Problems.Field(
                "channel", channel == Channels.Email ? "A mobile number is verified by SMS or WhatsApp." : Channels.NotOffered);
        }

        return await mobiles.SendAsync(BearerHandler.UserOf(context).Id, channel, requester, cancellationToken, number) switch
        {
            MobileSendOutcome.CodeRequested { Send: SendOutcome.Sent sent } => CodeSent("A code is on its way to the phone.", sent),
            MobileSendOutcome.CodeRequested { Send: SendOutcome.Refused refused } => Problems.NotSent(refused),
            MobileSendOutcome.Invalid invalid => Problems.Field("mobile", invalid.Message),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private static async Task<Results<Ok<VerifiedResponse>, ProblemResult>> VerifyAsync(
        VerifyCodeRequest body,
        HttpContext context,
        Registration registration,
        MobileVerification mobiles,
        SignIn signIn,
        PasswordReset reset,
        TokenIssuer tokens,
        CancellationToken cancellationToken)
    {
        var purpose = ReadPurpose(body.Purpose);
        var typed = new TypedCode(body.Email, body.Mobile, body.Otp, body.CodeVerifier);
        if (ApiClient.TryReadCode(context, typed, out var refusal, purpose is null ? UnknownPurpose : null) is not { } entry)
        {
            return refusal;
        }

        var (address, otp, binding) = entry;
        switch (purpose)
        {
            case Purpose.Register when PersonAddress.IsMobile(address):
                if (context.User.Identity is not { IsAuthenticated: true })
                {
                    return Problems.NotSignedIn(context.Request.Headers.Authorization.Count > 0);
                }

                return await mobiles.VerifyAsync(
                    BearerHandler.UserOf(context).Id, address, otp, binding, body.Move ?? false, cancellationToken) switch
                {
                    MobileOutcome.Verified => TypedResults.Ok(new VerifiedResponse("The mobile number is verified.")),
                    MobileOutcome.HeldByAnother => Problems.NumberHeld(),
                    MobileOutcome.Refused refused => Problems.Code(refused.Outcome),
                    var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
                };
            case Purpose.Register:
                return await registration.VerifyAsync(address, otp, binding, session: null, cancellationToken) is CodeOutcome.Refused wrong
                    ? Problems.Code(wrong.Outcome)
                    : TypedResults.Ok(new VerifiedResponse("The address is verified. The account can be signed in to."));
            case Purpose.Login:
                return await SignInRoutes.WithCodeAsync(signIn, tokens, entry, loginToken: null, cancellationToken) switch
                {
                    { Answer: { } login } =>
                        TypedResults.Ok(new VerifiedResponse("The code is right. You are signed in.") { Login = login }),
                    var refused => refused.Refusal!,
                };
            case Purpose.ForgotPassword:
                return await reset.VerifyAsync(address, otp, binding, cancellationToken) switch
                {
                    ResetCodeOutcome.Accepted accepted =>
                        TypedResults.Ok(
                            new VerifiedResponse("The code is right. Set the new password with POST /api/auth/forgot-password/reset.")
                    {
                        ResetToken = accepted.Ticket,
                        ExpiresInSeconds = Problems.Seconds(accepted.ExpiresIn),
                    }),
                    ResetCodeOutcome.Refused refused => Problems.Code(refused.Outcome),
                    var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
                };
            default:
                throw new InvalidOperationException($"Unknown purpose {purpose}.");
        }
    }

    /// <summary>The one answer to a request for a code, of whatever purpose.</summary>
    internal static Results<Accepted<CodeSentResponse>, ProblemResult> CodeRequested(CodeRequestOutcome outcome) => outcome switch
    {
        // Worded so that it is true for an address without an account too.
        CodeRequestOutcome.CodeSent sent => CodeSent("If there is an account for it, a code is on its way.", sent.Sent),
        CodeRequestOutcome.Refused refused => Problems.NotSent(refused.Refusal),
        CodeRequestOutcome.Unknown unknown => Problems.UnknownAccount(unknown.Error),
        CodeRequestOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    private static Accepted<CodeSentResponse> CodeSent(string message, SendOutcome.Sent sent) =>
        TypedResults.Accepted((string?)null, CodeSentResponse.Of(message, sent));

    private static Purpose? ReadPurpose(string? name) => string.IsNullOrEmpty(name)
        ? Purpose.Register
        : Enum.GetValues<Purpose>().Cast<Purpose?>().FirstOrDefault(purpose => purpose!.Value.Name() == name);

}
