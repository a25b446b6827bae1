namespace OtpPortal.Api.Description;

/// <summary>Of a forgotten password.</summary>
internal static class PasswordTexts
{
    private const string Tag = Tags.Passwords;

    public static readonly RouteText Send = new(
        "sendPasswordCode",
        Tag,
        "Send a code for a forgotten password",
        "The first of three steps. An address without an account is answered the same way and gets no message.")
    {
        Requests =
        [
            new("mail", "By mail", new ForgotPasswordBody { Email = Samples.Email }),
            new("sms", "As an SMS, and bound to this client", new ForgotPasswordBody { Email = Samples.Email, Channel = "sms", CodeChallenge = Samples.Challenge }),
        ],
        Successes = [Samples.Sent("A code is on its way, or looks like it.", "If there is an account for it, a code is on its way.")],
        Refusals = [.. Refusals.Sending, Refusals.UnknownAccount],
    };

    public static readonly RouteText Verify = new(
        "verifyPasswordCode",
        Tag,
        "Enter the code and get the token that sets a new password",
        "The second of three steps. The token is good for ten minutes and one use.")
    {
        Requests =
        [
            new("code", "The code", new ForgotPasswordCodeBody { Email = Samples.Email, Otp = Samples.Otp }),
            new("bound", "A code that is bound to this client", new ForgotPasswordCodeBody { Email = Samples.Email, Otp = Samples.Otp, CodeVerifier = Samples.Verifier }),
        ],
        Successes = [new(StatusCodes.Status200OK, "The code was right, and is used up.", new Example("token", "The right to set one new password", new ResetTokenAnswer(Samples.ResetToken, 600)))],
        Refusals = [.. Refusals.Reading, .. Refusals.Codes],
    };

    public static readonly RouteText Reset = new(
        "resetPassword",
        Tag,
        "Set the new password and end all sessions of the account",
        "The last of three steps. The owner is told by mail. A password that is refused leaves the token good.")
    {
        Requests = [new("reset", "The token and the new password", new ResetPasswordBody { Email = Samples.Email, ResetToken = Samples.ResetToken, NewPassword = "four rather small words" })],
        Successes = [new(StatusCodes.Status200OK, "The new password is set.", new Example("done", "Done", new DoneAnswer("The new password is set, and all sessions are ended. Sign in with it.")))],
        Refusals = [.. Refusals.Reading, Refusals.WrongResetToken],
    };
}
