using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using OtpPortal.Accounts;
using OtpPortal.Api.Description;
using OtpPortal.Api.Tokens;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Api;

/// <summary>A registration. What is optional may be left out or null.</summary>
public sealed record RegisterBody
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
public sealed record SendBody
{
    public string? Email { get; init; }

    public string? Mobile { get; init; }

    public string? Purpose { get; init; }

    public string? Channel { get; init; }

    public string? CodeChallenge { get; init; }
}

/// <summary>Enters a code.</summary>
public sealed record VerifyBody
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
        auth.MapPost("register", RegisterAsync).DescribedBy(RegistrationTexts.Register);
        auth.MapPost("send-email-otp", SendAsync).DescribedBy(RegistrationTexts.Send);
        auth.MapPost("verify-email-otp", VerifyAsync).DescribedBy(RegistrationTexts.Verify);
        return auth;
    }

    private static async Task<Results<Accepted<CodeSentAnswer>, Refusal>> RegisterAsync(
        RegisterBody body, HttpContext context, Registration registration, CancellationToken cancel)
    {
        if (Client.Asks(context, body.CodeChallenge, out var refusal) is not { } asker)
        {
            return refusal;
        }

        var request = new RegisterRequest(body.Email, body.Password)
        {
            FirstName = Client.Given(body.FirstName),
            LastName = Client.Given(body.LastName),
            UserName = body.UserName,
            Mobile = body.Mobile,
        };
        return await registration.RegisterAsync(request, asker, cancel) switch
        {
            RegisterOutcome.CodeSent sent => CodeSent("A code is on its way. Enter it with POST /api/auth/verify-email-otp.", sent.Sent),
            RegisterOutcome.Refused refused => Problems.NotSent(refused.Why),
            RegisterOutcome.AlreadyExists => Problems.AccountExists(),
            RegisterOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private static async Task<Results<Accepted<CodeSentAnswer>, Refusal>> SendAsync(
        SendBody body, HttpContext context, Registration registration, MobileVerification mobiles, SignIn signIn, PasswordReset reset, CancellationToken cancel)
    {
        if (Client.Asks(context, body.CodeChallenge, out var refusal) is not { } asker)
        {
            return refusal;
        }

        var channel = Client.Given(body.Channel);
        return ReadPurpose(body.Purpose) switch
        {
            Purpose.Login when !signIn.CodeAloneSuffices => Problems.Field("purpose", "Here the code comes after the password: POST /api/auth/login with the password sends it."),
            Purpose.Register when !string.IsNullOrWhiteSpace(body.Mobile) => await SendToMobileAsync(body, context, mobiles, asker, channel, cancel),
            Purpose.Register => CodeRequested(await registration.RequestCodeAsync(body.Email, asker, channel, cancel)),
            Purpose.Login => CodeRequested(await signIn.RequestCodeAsync(body.Email, asker, cancel, channel, body.Mobile)),
            Purpose.ForgotPassword => CodeRequested(await reset.RequestAsync(body.Email, asker, cancel, channel, body.Mobile)),
            _ => Problems.Fields([UnknownPurpose]),
        };
    }

    /// <summary>
    /// A number is verified only at the wish of the account that names it: strangers who name numbers would spend the portal's texts, and
    /// learn which addresses have an
    /// account.
    /// </summary>
    private static async Task<Results<Accepted<CodeSentAnswer>, Refusal>> SendToMobileAsync(
        SendBody body, HttpContext context, MobileVerification mobiles, Asker asker, string? channel, CancellationToken cancel)
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
        channel ??= channels.ForMobile;
        if (!channels.ToPhones.Contains(channel))
        {
            return Problems.Field("channel", channel == Channels.Email ? "A mobile number is verified by SMS or WhatsApp." : Channels.NotOffered);
        }

        return await mobiles.SendAsync(BearerHandler.UserOf(context).Id, channel, asker, cancel, number) switch
        {
            MobileSendOutcome.Asked { Send: SendOutcome.Sent sent } => CodeSent("A code is on its way to the phone.", sent),
            MobileSendOutcome.Asked { Send: SendOutcome.Refused refused } => Problems.NotSent(refused),
            MobileSendOutcome.Invalid invalid => Problems.Field("mobile", invalid.Message),
            var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
    }

    private static async Task<Results<Ok<VerifiedAnswer>, Refusal>> VerifyAsync(
        VerifyBody body,
        HttpContext context,
        Registration registration,
        MobileVerification mobiles,
        SignIn signIn,
        PasswordReset reset,
        TokenIssuer tokens,
        CancellationToken cancel)
    {
        var purpose = ReadPurpose(body.Purpose);
        var typed = new TypedCode(body.Email, body.Mobile, body.Otp, body.CodeVerifier);
        if (Client.Enters(context, typed, out var refusal, purpose is null ? UnknownPurpose : null) is not { } entry)
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

                return await mobiles.VerifyAsync(BearerHandler.UserOf(context).Id, address, otp, binding, body.Move ?? false, cancel) switch
                {
                    MobileOutcome.Verified => TypedResults.Ok(new VerifiedAnswer("The mobile number is verified.")),
                    MobileOutcome.HeldByAnother => Problems.NumberHeld(),
                    MobileOutcome.Refused refused => Problems.Code(refused.Why),
                    var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
                };
            case Purpose.Register:
                return await registration.VerifyAsync(address, otp, binding, session: null, cancel) is CodeOutcome.Refused wrong
                    ? Problems.Code(wrong.Why)
                    : TypedResults.Ok(new VerifiedAnswer("The address is verified. The account can be signed in to."));
            case Purpose.Login:
                return await SignInRoutes.WithCodeAsync(signIn, tokens, entry, loginToken: null, cancel) switch
                {
                    { Answer: { } login } => TypedResults.Ok(new VerifiedAnswer("The code is right. You are signed in.") { Login = login }),
                    var refused => refused.Refusal!,
                };
            case Purpose.ForgotPassword:
                return await reset.VerifyAsync(address, otp, binding, cancel) switch
                {
                    ResetCodeOutcome.Accepted accepted => TypedResults.Ok(new VerifiedAnswer("The code is right. Set the new password with POST /api/auth/forgot-password/reset.")
                    {
                        ResetToken = accepted.Ticket,
                        ExpiresInSeconds = Problems.Seconds(accepted.ExpiresIn),
                    }),
                    ResetCodeOutcome.Refused refused => Problems.Code(refused.Why),
                    var outcome => throw new InvalidOperationException($"Unknown outcome {outcome}."),
                };
            default:
                throw new InvalidOperationException($"Unknown purpose {purpose}.");
        }
    }

    /// <summary>The one answer to a request for a code, of whatever purpose.</summary>
    internal static Results<Accepted<CodeSentAnswer>, Refusal> CodeRequested(CodeRequestOutcome outcome) => outcome switch
    {
        // Worded so that it is true for an address without an account too.
        CodeRequestOutcome.CodeSent sent => CodeSent("If there is an account for it, a code is on its way.", sent.Sent),
        CodeRequestOutcome.Refused refused => Problems.NotSent(refused.Why),
        CodeRequestOutcome.Unknown unknown => Problems.UnknownAccount(unknown.Error),
        CodeRequestOutcome.Invalid invalid => Problems.Fields(invalid.Errors),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    private static Accepted<CodeSentAnswer> CodeSent(string message, SendOutcome.Sent sent) =>
        TypedResults.Accepted((string?)null, CodeSentAnswer.Of(message, sent));

    private static Purpose? ReadPurpose(string? name) => string.IsNullOrEmpty(name)
        ? Purpose.Register
        : Enum.GetValues<Purpose>().Cast<Purpose?>().FirstOrDefault(purpose => purpose!.Value.Name() == name);

}
