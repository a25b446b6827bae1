using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Wrong and missing fields of a request that enters a code.</summary>
public sealed class VerifyCodeFieldsTests(ApiHost host) : VerifyCodeTest(host)
{
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Text_that_cannot_be_a_code_is_a_wrong_field_and_costs_no_attempt(string route, string purpose)
    {
        var email = await PersonAsync("malformed", route, purpose);
        var code = await api.CodeAsync(email, purpose);

        foreach (var typed in new[] { "12345", "1234567", "12345a", "", new string('1', 5000) })
        {
            (await EnterAsync(route, purpose, email, typed)).IsInvalid("otp");
        }

        (await EnterAsync(route, purpose, email, $" {code[..3]}-{code[3..]} ")).Is(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_missing_field_of_a_verification_is_named(string route, string purpose)
    {
        (await EnterAsync(route, purpose, "no address", "123456")).IsInvalid("email");
        (await EnterAsync(route, purpose, null, "123456")).IsInvalid("email");
        (await api.PostAsync(route, Body(route, purpose, "ann@example.com", "123456", verifier: "too short"))).IsInvalid("codeVerifier");
        (await api.PostAsync(route, Body(route, purpose, "ann@example.com", "123456", verifier: new string('x', 129)))).IsInvalid(
            "codeVerifier");
        (await api.PostAsync(route, Body(route, purpose, "ann@example.com", "123456", verifier: new string('ä', 43)))).IsInvalid(
            "codeVerifier");
    }

    [Fact]
    public async Task All_missing_fields_of_a_verification_are_named_at_once()
    {
        (await api.PostAsync("verify-email-otp", new { })).IsInvalid("email", "otp");
        (await api.PostAsync("verify-email-otp", new { mobile = "12", purpose = "sign-in", codeVerifier = "x" })).IsInvalid(
            "mobile", "otp", "purpose", "codeVerifier");
        (await api.PostAsync("forgot-password/verify-otp", new { })).IsInvalid("email", "otp");
        (await api.PostAsync("forgot-password/reset", new { })).IsInvalid("email", "newPassword", "resetToken");
        (await api.PostAsync("login", new { otp = "", codeVerifier = "x" })).IsInvalid("email", "otp", "codeVerifier");
        (await api.PostAsync("refresh", new { })).IsInvalid("refreshToken");
    }

    [Fact]
    public async Task An_unknown_purpose_is_named()
    {
        (await EnterAsync("verify-email-otp", "Register", "ann@example.com", "123456")).IsInvalid("purpose");
        (await EnterAsync("verify-email-otp", "1", "ann@example.com", "123456")).IsInvalid("purpose");
    }
}
