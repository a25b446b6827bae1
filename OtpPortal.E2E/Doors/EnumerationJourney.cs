using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>
/// All that a stranger may do with one address, in the order in which it tells most: with a program first and then with a browser, or the
/// other way round. What comes first uses up the cooldowns.
/// </summary>
internal sealed class EnumerationJourney(PublishedPortal portal, string email, string? codeChallenge)
{
    private const string Password = "what a stranger typed";
    private const string OtherPassword = "what another one typed";
    private const string Wrong = "000000";

    private readonly Visitor program = portal.NewVisitor();
    private readonly Visitor browser = portal.NewVisitor();

    /// <summary>The address that the journey is about.</summary>
    public string Email => email;

    /// <summary>The steps of a program, and then of a browser as the second client.</summary>
    public IEnumerable<(string Name, Func<Task<Reply>> TakeAsync)> ProgramFirst() =>
    [
        ("API: register", () => program.PostAsync("register",
            new { email, password = Password, firstName = "Ann", lastName = "Ellis", codeChallenge })),
        ("API: sign in with the password just typed", () => program.PostAsync("login", new { email, password = Password, codeChallenge })),
        ("API: sign in with another password", () => program.PostAsync("login", new { email, password = OtherPassword, codeChallenge })),
        ("API: ask for the registration's code again", () => program.PostAsync("send-email-otp", new { email, codeChallenge })),
        ("API: enter a wrong code of the registration", () => program.PostAsync("verify-email-otp", new { email, otp = Wrong })),
        ("API: ask for a code to sign in", () => program.PostAsync("login", new { email, codeChallenge })),
        ("API: ask for it again", () => program.PostAsync("send-email-otp", new { email, purpose = "login", codeChallenge })),
        ("API: sign in with a wrong code", () => program.PostAsync("login", new { email, otp = Wrong })),
        ("API: ask for a code for a forgotten password", () => program.PostAsync("forgot-password/send-otp", new { email, codeChallenge })),
        ("API: enter a wrong code for it", () => program.PostAsync("forgot-password/verify-otp", new { email, otp = Wrong })),
        ("API: reset without a right", () => program.PostAsync("forgot-password/reset",
            new { email, resetToken = new string('a', 43), newPassword = OtherPassword })),
        .. Form("second client, page: sign in with the password typed before", browser, "/login", "Sign in", ("Email", email),
            ("Password", Password)),
        .. Form("second client, page: resend", browser, "/verify", "Resend code"),
        .. Form("second client, page: ask for a code to sign in", browser, "/login", "Email me a code", ("Email", email)),
    ];

    /// <summary>The steps of a browser, and then of a program as the second client.</summary>
    public IEnumerable<(string Name, Func<Task<Reply>> TakeAsync)> BrowserFirst() =>
    [
        .. Form("page: register", browser, "/register", "Create account", ("Email", email), ("Password", Password), ("First name", "Ann"),
            ("Last name", "Ellis")),
        .. Form("page: enter a wrong code of the registration", browser, "/verify", "Verify", ("Code", Wrong)),
        .. Form("page: resend", browser, "/verify", "Resend code"),
        .. Form("page: sign in with the password just typed", browser, "/login", "Sign in", ("Email", email), ("Password", Password)),
        .. Form("page: ask for a code to sign in", browser, "/login", "Email me a code", ("Email", email)),
        .. Form("page: sign in with a wrong code", browser, "/verify", "Verify", ("Code", Wrong)),
        .. Form("page: ask for a code for a forgotten password", browser, "/forgot-password", "Send code", ("Email", email)),
        .. Form("page: enter a wrong code for it", browser, "/verify", "Verify", ("Code", Wrong)),
        ("second client, API: register", () => program.PostAsync("register", new { email, password = OtherPassword, codeChallenge })),
        ("second client, API: sign in with its password", () =>
            program.PostAsync("login", new { email, password = OtherPassword, codeChallenge })),
        ("second client, API: ask for a code to sign in", () => program.PostAsync("login", new { email, codeChallenge })),
    ];

    /// <summary>What the page says once every message has had its fate.</summary>
    public IEnumerable<(string Name, Func<Task<Reply>> TakeAsync)> OfDelivery() =>
        [("page: what became of the message", () => browser.OpenAsync("/verify"))];

    // Both the answer to the form and the page that it leads to.
    private static IEnumerable<(string, Func<Task<Reply>>)> Form(string name, Visitor who, string path, string button,
        params (string, string)[] fields)
    {
        Reply? answer = null;
        yield return (name, async () => answer = await who.OpenAsync(path) is var page && PageForm.Has(page, button)
            ? await who.SubmitAsync(page, button, fields) : page);
        yield return ($"{name}, and look", () => who.FollowAsync(answer!));
    }
}
