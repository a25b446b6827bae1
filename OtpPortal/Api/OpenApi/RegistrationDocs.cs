namespace OtpPortal.Api.OpenApi;

/// <summary>The routes for registration, and the two routes for codes of every purpose.</summary>
internal static class RegistrationDocs
{
    private const string Tag = Tags.Registration;

    public static readonly OperationDocs Register = new(
        "register",
        Tag,
        "Register a person and mail them a code",
        """
        There is an account once the code was entered with `POST /api/auth/verify-email-otp`. Until then, for a day, what was sent is kept apart; the same client may register again, which replaces it.
        Of two clients without a `codeChallenge` that send different passwords for one address, neither password is kept: the code verifies the address alone. An address that has an account is answered the
        same way, nothing of the account changes, and its owner is told by mail.
        """)
    {
        Requests =
        [
            new("least", "What is needed", new RegisterRequest { Email = Samples.Email, Password = Samples.Password }),
            new("named", "With a name",
                new RegisterRequest
                {
                    Email = Samples.Email,
                    Password = Samples.Password,
                    FirstName = "Ann",
                    LastName = "Other",
                    UserName = "ann.other",
                }),
            new("bound", "With a mobile number, and the code bound to this client",
                new RegisterRequest
                {
                    Email = Samples.Email,
                    Password = Samples.Password,
                    Mobile = Samples.Mobile,
                    CodeChallenge = Samples.Challenge,
                }),
        ],
        Successes = [
            Samples.Sent(
                "A code is on its way, or looks like it.", "A code is on its way. Enter it with POST /api/auth/verify-email-otp.")],
        Refusals = [.. ProblemResponses.Sending, ProblemResponses.AccountExists],
    };

    public static readonly OperationDocs Send = new(
        "sendCode",
        Tag,
        "Send a code, or send a new one",
        """
        `email` or `mobile` names the person, not both. A new code replaces the one before it. Between two for one address and purpose lies a cooldown. An address without an
        account is answered the same way and gets no message. A code that verifies a mobile number (`mobile` with the purpose `register`) is sent only at the wish of the account that names the number: it needs that
        account's access token.
        """)
    {
        Requests =
        [
            new("again", "The code of a registration again", new SendCodeRequest { Email = Samples.Email }),
            new("login", "A code to sign in with, as an SMS",
                new SendCodeRequest { Email = Samples.Email, Purpose = "login", Channel = "sms" }),
            new("mobile", "A code that verifies a mobile number", new SendCodeRequest { Mobile = Samples.Mobile, Purpose = "register" }),
        ],
        Successes = [Samples.Sent("A code is on its way, or looks like it.", "If there is an account for it, a code is on its way.")],
        Refusals = [.. ProblemResponses.Sending, .. ProblemResponses.Bearers, ProblemResponses.UnknownAccount],
    };

    public static readonly OperationDocs Verify = new(
        "verifyCode",
        Tag,
        "Enter a code",
        """
        `email` or `mobile` names the person, not both, and `purpose` says what the code is for; without one it is `register`. What comes with the success depends on it: after `register` the account can be
        signed in to, with `login` come tokens, with `forgot_password` comes the token that sets a new password. To verify a mobile number, send the access token of the account that names it; `move` takes the number from
        another account that has it. A code that cannot be one, because it has another length say, is a 400 and costs no attempt.
        """)
    {
        Requests =
        [
            new("register", "Verify an address", new VerifyCodeRequest { Email = Samples.Email, Otp = Samples.Otp }),
            new("bound", "Verify an address, with a code that is bound to this client",
                new VerifyCodeRequest { Email = Samples.Email, Otp = Samples.Otp, CodeVerifier = Samples.Verifier }),
            new("mobile", "Verify a mobile number that another account has, and move it here",
                new VerifyCodeRequest { Mobile = Samples.Mobile, Otp = Samples.Otp, Move = true }),
            new("login", "Sign in", new VerifyCodeRequest { Email = Samples.Email, Otp = Samples.Otp, Purpose = "login" }),
        ],
        Successes =
        [
            new(
                StatusCodes.Status200OK,
                "The code was right, and is used up.",
                new Example("register", "The address is verified",
                    new VerifiedResponse("The address is verified. The account can be signed in to.")),
                new Example("login", "Signed in", new VerifiedResponse("The code is right. You are signed in.") { Login = Samples.Login }),
                new Example("forgotPassword", "A password may be set",
                    new VerifiedResponse("The code is right. Set the new password with POST /api/auth/forgot-password/reset.")
                    {
                        ResetToken = Samples.ResetToken,
                        ExpiresInSeconds = 600,
                    })),
        ],
        Refusals = [.. ProblemResponses.Reading, .. ProblemResponses.Codes, .. ProblemResponses.Bearers, ProblemResponses.NumberHeld],
    };
}
