using System.Net;
using System.Security.Cryptography;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>
/// A code that was asked for with a <c>codeChallenge</c> is redeemed by who holds the <c>codeVerifier</c>, and by nobody
/// else.
/// </summary>
public sealed class BindingTests(ApiHost api) : IClassFixture<ApiHost>
{
    // The example of RFC 7636, appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static readonly string OthersVerifier = new('x', 128);

    /// <summary>The routes that send a code, and those that take it.</summary>
    public static TheoryData<string, string?, string, string?> Ways => new()
    {
        { "register", null, "verify-email-otp", "register" },
        { "send-email-otp", "register", "verify-email-otp", "register" },
        { "send-email-otp", "login", "verify-email-otp", "login" },
        { "send-email-otp", "login", "login", null },
        { "login", null, "login", null },
        { "send-email-otp", "forgot_password", "verify-email-otp", "forgot_password" },
        { "forgot-password/send-otp", null, "forgot-password/verify-otp", null },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_bound_code_is_redeemed_by_the_requesting_client_alone(string asks, string? sent, string enters, string? purpose)
    {
        var email = await PersonAsync("bound", asks);
        await AskAsync(asks, sent, email, Challenge);
        var otp = await api.Portal.CodeForAsync(email);

        (await EnterAsync(enters, purpose, email, otp, verifier: null)).IsWrongCode("wrong-code", 4);
        (await EnterAsync(enters, purpose, email, otp, OthersVerifier)).IsWrongCode("wrong-code", 3);
        (await EnterAsync(enters, purpose, email, otp, Verifier)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_code_without_a_binding_is_not_redeemed_with_a_verifier(
        string asks, string? sent, string enters, string? purpose)
    {
        var email = await PersonAsync("unbound", asks);
        await AskAsync(asks, sent, email, challenge: null);
        var otp = await api.Portal.CodeForAsync(email);

        (await EnterAsync(enters, purpose, email, otp, Verifier)).IsWrongCode("wrong-code", 4);
        (await EnterAsync(enters, purpose, email, otp, verifier: null)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_code_after_the_password_of_a_registration_has_the_binding_of_the_registration()
    {
        const string email = "unverified@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password, codeChallenge = Challenge })).Is(
            HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        (await api.PostAsync("login", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Unauthorized);
        (await api.PostAsync("login", new { email, password = ApiHost.Password, codeChallenge = Challenge })).Is(HttpStatusCode.Forbidden);
        var otp = await api.Portal.CodeForAsync(email);

        (await EnterAsync("verify-email-otp", null, email, otp, verifier: null)).IsWrongCode("wrong-code", 4);
        (await EnterAsync("verify-email-otp", null, email, otp, Verifier)).Is(HttpStatusCode.OK);
        await api.LoginAsync(email);
    }

    [Fact]
    public void The_code_challenge_is_that_of_RFC_7636() => Assert.Equal(Challenge, Binding.FromVerifier(Verifier).Challenge);

    private async Task<string> PersonAsync(string name, string asks)
    {
        var email = $"{name}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}@example.com";
        if (asks != "register")
        {
            (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
            api.Portal.Wait(TimeSpan.FromMinutes(2));
        }

        return email;
    }

    private async Task AskAsync(string route, string? purpose, string email, string? challenge)
    {
        var body = new Dictionary<string, string?> { ["email"] = email, ["codeChallenge"] = challenge };
        if (route == "register")
        {
            body["password"] = ApiHost.Password;
        }

        if (purpose is not null)
        {
            body["purpose"] = purpose;
        }

        (await api.PostAsync(route, body)).Is(HttpStatusCode.Accepted);
    }

    private Task<ApiResponse> EnterAsync(string route, string? purpose, string email, string otp, string? verifier)
    {
        var body = new Dictionary<string, string?> { ["email"] = email, ["otp"] = otp, ["codeVerifier"] = verifier };
        if (purpose is not null)
        {
            body["purpose"] = purpose;
        }

        return api.PostAsync(route, body);
    }
}
