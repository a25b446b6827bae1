using System.Net;
using System.Text.Json;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>With <c>SignIn:SecondFactor=Code</c> a code follows the password, and neither suffices alone.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";

    private static readonly string Verifier = new('v', 43);
    private static readonly string Challenge = Binding.FromVerifier(Verifier).Challenge;

    private ApiHost api = null!;

    public async ValueTask InitializeAsync()
    {
        api = await ApiHost.StartAsync(("SignIn:SecondFactor", "Code"));
        await api.VerifiedAsync(Email);
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_code_after_the_password_signs_in_through_the_API()
    {
        var (otp, loginToken) = await FirstFactorAsync(codeChallenge: null);
        (await api.PostAsync("login", new { email = Email, otp, loginToken, codeVerifier = (string?)null })).Is(HttpStatusCode.OK);
        (await api.PostAsync("login", new { email = Email, otp, loginToken, codeVerifier = (string?)null })).IsWrongCode("no-code", 0);
    }

    [Fact]
    public async Task A_bound_code_after_the_password_signs_in_through_the_API_with_its_verifier_only()
    {
        var (otp, loginToken) = await FirstFactorAsync(Challenge);
        (await api.PostAsync("login", new { email = Email, otp, loginToken })).IsWrongCode("wrong-code", 4);
        (await api.PostAsync("login", new { email = Email, otp, loginToken, codeVerifier = new string('w', 43) })).IsWrongCode(
            "wrong-code", 3);
        (await api.PostAsync("login", new { email = Email, otp, loginToken, codeVerifier = Verifier })).Is(HttpStatusCode.OK);
        (await api.PostAsync("login", new { email = Email, otp, loginToken, codeVerifier = Verifier })).IsWrongCode("no-code", 0);
    }

    private async Task<(string Otp, string LoginToken)> FirstFactorAsync(string? codeChallenge)
    {
        var first = await PasswordAsync(codeChallenge);
        first.Is(HttpStatusCode.Accepted).Has("message", "otpRequired", "cooldownSeconds", "expiresInSeconds", "loginToken");
        Assert.True(first.Json.GetProperty("otpRequired").GetBoolean());
        Assert.Equal((120, 300), (first.Number("cooldownSeconds"), first.Number("expiresInSeconds")));
        var (otp, loginToken) = (await api.Portal.CodeForAsync(Email), first.Of("loginToken"));
        Assert.Equal(43, loginToken.Length);
        return (otp, loginToken);
    }

    [Fact]
    public async Task A_reader_of_the_mail_without_the_password_signs_in_by_no_route()
    {
        var first = await PasswordAsync(codeChallenge: null);
        var otp = await api.Portal.CodeForAsync(Email);

        // It is not even compared, so that a stranger cannot spend the guesses of whoever is signing in.
        for (var i = 0; i < 6; i++)
        {
            (await api.PostAsync("login", new { email = Email, otp })).IsWrongCode("no-code", 0);
            (await api.PostAsync("login", new { email = Email, otp, loginToken = new string('x', 43) })).IsWrongCode("no-code", 0);
            (await api.PostAsync("verify-email-otp", new { email = Email, otp, purpose = "login" })).IsWrongCode("no-code", 0);
        }

        (await api.PostAsync("login", new { email = Email, otp, loginToken = first.Of("loginToken") })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_repeated_password_within_the_cooldown_sends_no_code_and_says_that_one_is_on_its_way()
    {
        var first = await PasswordAsync(Challenge);
        var messages = await api.MessagesToAsync(Email);
        var otp = await api.Portal.CodeForAsync(Email);
        api.Portal.Wait(TimeSpan.FromSeconds(20));

        var again = (await PasswordAsync(Challenge, first.Of("loginToken"))).Is(HttpStatusCode.Accepted);

        Assert.Equal((100, first.Of("loginToken")), (again.Number("cooldownSeconds"), again.Of("loginToken")));
        Assert.Equal(JsonValueKind.Null, again.Json.GetProperty("expiresInSeconds").ValueKind);
        Assert.Equal(messages, await api.MessagesToAsync(Email));
        (await api.PostAsync("login", new { email = Email, otp, codeVerifier = Verifier, loginToken = again.Of("loginToken") })).Is(
            HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_repeated_password_without_the_login_token_waits_for_the_cooldown()
    {
        var first = await PasswordAsync(Challenge);
        var otp = await api.Portal.CodeForAsync(Email);
        api.Portal.Wait(TimeSpan.FromSeconds(20));

        (await PasswordAsync(Challenge)).IsTooMany("cooldown", 100);
        (await PasswordAsync(Challenge, "another")).IsTooMany("cooldown", 100);

        api.Portal.Wait(TimeSpan.FromSeconds(100));
        var second = (await PasswordAsync(Challenge)).Is(HttpStatusCode.Accepted);
        Assert.NotEqual(first.Of("loginToken"), second.Of("loginToken"));
        (await api.PostAsync("login",
            new { email = Email, otp, codeVerifier = Verifier, loginToken = second.Of("loginToken") })).IsWrongCode("wrong-code", 4);
    }

    [Fact]
    public async Task The_caps_of_codes_hold_after_the_right_password_too()
    {
        for (var i = 0; i < 6; i++)
        {
            (await PasswordAsync(Challenge)).Is(HttpStatusCode.Accepted);
            api.Portal.Wait(TimeSpan.FromMinutes(2));
        }

        (await PasswordAsync(Challenge)).IsTooMany("too-many-codes", 48 * 60);
    }

    [Fact]
    public async Task No_route_sends_a_code_without_the_password_and_each_names_a_field_of_its_own()
    {
        var messages = await api.MessagesToAsync(Email);

        (await api.PostAsync("login", new { email = Email })).IsInvalid("password");
        (await api.PostAsync("send-email-otp", new { email = Email, purpose = "login" })).IsInvalid("purpose");

        Assert.Equal(messages, await api.MessagesToAsync(Email));
    }

    [Fact]
    public async Task A_wrong_password_sends_no_second_factor_through_the_API()
    {
        var messages = await api.MessagesToAsync(Email);

        (await api.PostAsync("login", new { email = Email, password = "another password" })).IsProblem(
            HttpStatusCode.Unauthorized, "wrong-password");

        Assert.Equal(messages, await api.MessagesToAsync(Email));
    }

    [Fact]
    public async Task A_code_for_a_forgotten_password_signs_nobody_in_where_two_factors_are_required()
    {
        var otp = await api.CodeAsync(Email, "forgot_password");

        (await api.PostAsync("login", new { email = Email, otp })).Is(HttpStatusCode.Unauthorized);
        (await api.PostAsync("verify-email-otp", new { email = Email, otp, purpose = "login" })).Is(HttpStatusCode.Unauthorized);
    }

    private Task<ApiResponse> PasswordAsync(string? codeChallenge, string? loginToken = null) =>
        api.PostAsync("login", new { email = Email, password = ApiHost.Password, codeChallenge, loginToken });
}
