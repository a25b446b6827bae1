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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_the_password_a_code_is_asked_for_and_signs_in(bool bound)
    {
        var first = await PasswordAsync(bound ? Challenge : null);
        first.Is(HttpStatusCode.Accepted).Has("message", "otpRequired", "cooldownSeconds", "expiresInSeconds");
        Assert.True(first.Json.GetProperty("otpRequired").GetBoolean());
        Assert.Equal((120, 300), (first.Number("cooldownSeconds"), first.Number("expiresInSeconds")));
        var otp = await api.Portal.CodeForAsync(Email);

        if (bound)
        {
            (await api.PostAsync("login", new { email = Email, otp })).IsWrongCode("wrong-code", 4);
            (await api.PostAsync("login", new { email = Email, otp, codeVerifier = new string('w', 43) })).IsWrongCode("wrong-code", 3);
        }

        (await api.PostAsync("login", new { email = Email, otp, codeVerifier = bound ? Verifier : null })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_password_again_within_the_cooldown_sends_none_and_says_that_one_is_on_its_way()
    {
        await PasswordAsync(Challenge);
        var messages = await api.MessagesToAsync(Email);
        api.Portal.Wait(TimeSpan.FromSeconds(20));

        var again = (await PasswordAsync(Challenge)).Is(HttpStatusCode.Accepted);

        Assert.Equal(100, again.Number("cooldownSeconds"));
        Assert.Equal(JsonValueKind.Null, again.Json.GetProperty("expiresInSeconds").ValueKind);
        Assert.Equal(messages, await api.MessagesToAsync(Email));
    }

    [Fact]
    public async Task The_caps_hold_for_who_knows_the_password_too()
    {
        for (var i = 0; i < 6; i++)
        {
            (await PasswordAsync(Challenge)).Is(HttpStatusCode.Accepted);
            api.Portal.Wait(TimeSpan.FromMinutes(2));
        }

        (await PasswordAsync(Challenge)).IsTooMany("too-many-codes", 48 * 60);
    }

    [Fact]
    public async Task A_code_alone_is_not_even_sent_and_each_route_names_a_field_that_it_has()
    {
        var messages = await api.MessagesToAsync(Email);

        (await api.PostAsync("login", new { email = Email })).IsInvalid("password");
        (await api.PostAsync("send-email-otp", new { email = Email, purpose = "login" })).IsInvalid("purpose");

        Assert.Equal(messages, await api.MessagesToAsync(Email));
    }

    [Fact]
    public async Task A_wrong_password_sends_no_code()
    {
        var messages = await api.MessagesToAsync(Email);

        (await api.PostAsync("login", new { email = Email, password = "another password" })).IsProblem(HttpStatusCode.Unauthorized, "wrong-password");

        Assert.Equal(messages, await api.MessagesToAsync(Email));
    }

    [Fact]
    public async Task A_code_for_a_forgotten_password_signs_nobody_in()
    {
        var otp = await api.CodeAsync(Email, "forgot_password");

        (await api.PostAsync("login", new { email = Email, otp })).Is(HttpStatusCode.Unauthorized);
        (await api.PostAsync("verify-email-otp", new { email = Email, otp, purpose = "login" })).Is(HttpStatusCode.Unauthorized);
    }

    private Task<ApiAnswer> PasswordAsync(string? codeChallenge) => api.PostAsync("login", new { email = Email, password = ApiHost.Password, codeChallenge });
}
