namespace OtpPortal.Api.OpenApi;

/// <summary>The routes for a forgotten password.</summary>
internal static class PasswordDocs
{
    private const string Tag = Tags.Passwords;

    public static readonly OperationDocs Send = new(
        "sendPasswordCode",
        Tag,
        "Send a code for a forgotten password",
        "The first of three steps. The response is the same for an address without an account, which gets no message.")
    {
        Requests =
        [
            new("mail", "By mail", new ForgotPasswordRequest { Email = Samples.Email }),
            new("sms", "As an SMS, and bound to this client",
                new ForgotPasswordRequest { Email = Samples.Email, Channel = "sms", CodeChallenge = Samples.Challenge }),
        ],
        Successes = [
            Samples.Sent(
                "A code was sent, or there is no account and the response is the same.",
                "If there is an account for it, a code is on its way.")],
        Refusals = [.. ProblemResponses.Sending, ProblemResponses.UnknownAccount],
    };

    public static readonly OperationDocs Verify = new(
        "verifyPasswordCode",
        Tag,
        "Enter the code and get the token that sets a new password",
        "The second of three steps. The token is valid for ten minutes and can be used once.")
    {
        Requests =
        [
            new("code", "The code", new ForgotPasswordCodeRequest { Email = Samples.Email, Otp = Samples.Otp }),
            new("bound", "A code that is bound to this client",
                new ForgotPasswordCodeRequest { Email = Samples.Email, Otp = Samples.Otp, CodeVerifier = Samples.Verifier }),
        ],
        Successes = [
            new(StatusCodes.Status200OK, "The code was correct, and cannot be used again.",
                new Example("token", "The right to set one new password", new ResetTokenResponse(Samples.ResetToken, 600)))],
        Refusals = [.. ProblemResponses.Reading, .. ProblemResponses.Codes],
    };

    public static readonly OperationDocs Reset = new(
        "resetPassword",
        Tag,
        "Set the new password and end all sessions of the account",
        "The last of three steps. The owner is notified by mail. If the password is refused, the token stays valid.")
    {
        Requests = [
            new("reset", "The token and the new password",
                new ResetPasswordRequest
                {
                    Email = Samples.Email,
                    ResetToken = Samples.ResetToken,
                    NewPassword = "four rather small words",
                })],
        Successes = [
            new(StatusCodes.Status200OK, "The new password is set.",
                new Example("done", "Done", new DoneResponse("The new password is set, and all sessions are ended. Sign in with it.")))],
        Refusals = [.. ProblemResponses.Reading, ProblemResponses.WrongResetToken],
    };
}
