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
        The account is created when the code is entered with `POST /api/auth/verify-email-otp`. Until then, the registration is kept for a
        day, and the same client may replace it by registering again. If two clients without a `codeChallenge` send different passwords for
        one address, neither password is kept, and the code verifies only the address. The response is the same for an address that has an
        account: the account does not change, and its owner is notified by mail.
        """)
    {
        Requests =
        [
            new("least", "The required members", new RegisterRequest { Email = Samples.Email, Password = Samples.Password }),
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
                "A code was sent. The response is the same if the address has an account.",
                "A code is on its way. Enter it with POST /api/auth/verify-email-otp.")],
        Refusals = [.. ProblemResponses.Sending, ProblemResponses.AccountExists],
    };

    public static readonly OperationDocs Send = new(
        "sendCode",
        Tag,
        "Send a code, or send a new one",
        """
        Send either `email` or `mobile`. A new code replaces the one before it. There is a cooldown between two codes for one address and
        purpose. The response is the same for an address without an account, which gets no message. A code that verifies a mobile number
        (`mobile` with the purpose `register`) requires the access token of the account that has the number.
        """)
    {
        Requests =
        [
            new("again", "The code of a registration again", new SendCodeRequest { Email = Samples.Email }),
            new("login", "A code to sign in with, as an SMS",
                new SendCodeRequest { Email = Samples.Email, Purpose = "login", Channel = "sms" }),
            new("mobile", "A code that verifies a mobile number", new SendCodeRequest { Mobile = Samples.Mobile, Purpose = "register" }),
        ],
        Successes = [
            Samples.Sent(
                "A code was sent, or there is no account and the response is the same.",
                "If there is an account for it, a code is on its way.")],
        Refusals = [.. ProblemResponses.Sending, .. ProblemResponses.Bearers, ProblemResponses.UnknownAccount],
    };

    public static readonly OperationDocs Verify = new(
        "verifyCode",
        Tag,
        "Enter a code",
        """
        Send either `email` or `mobile`. The default of `purpose` is `register`. The response depends on it: after `register`, the person
        can sign in to the account; `login` returns tokens; `forgot_password` returns the token that sets a new password. To verify a mobile
        number, send the access token of the account that has the number; `move` moves it from another account. A text that cannot be a
        code, for example because of its length, is refused with 400 and costs no attempt.
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
                "The code was correct, and cannot be used again.",
                new Example("register", "The address is verified",
                    new VerifiedResponse("The address is verified. The account can be signed in to.")),
                new Example("login", "Signed in", new VerifiedResponse("The code is right. You are signed in.") { Login = Samples.Login }),
                new Example("forgotPassword", "A new password can be set",
                    new VerifiedResponse("The code is right. Set the new password with POST /api/auth/forgot-password/reset.")
                    {
                        ResetToken = Samples.ResetToken,
                        ExpiresInSeconds = 600,
                    })),
        ],
        Refusals = [.. ProblemResponses.Reading, .. ProblemResponses.Codes, .. ProblemResponses.Bearers, ProblemResponses.NumberHeld],
    };
}
