using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>A forgotten password: the code, the token, the new password.</summary>
public sealed class ForgotPasswordTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string NewPassword = "a whole new password";

    [Fact]
    public async Task A_forgotten_password_code_yields_a_reset_token_that_sets_the_password_once()
    {
        const string email = "ann@example.com";
        await api.VerifiedAsync(email);
        var before = await api.LoginAsync(email);
        (await api.PostAsync("forgot-password/send-otp", new { email })).Is(HttpStatusCode.Accepted)
            .Has("message", "cooldownSeconds", "expiresInSeconds");
        var right = (await api.PostAsync("forgot-password/verify-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(
            HttpStatusCode.OK);
        right.Has("resetToken", "expiresInSeconds");
        Assert.Equal(600, right.Number("expiresInSeconds"));

        (await ResetAsync(email, right.Of("resetToken"))).Is(HttpStatusCode.OK).Has("message");

        (await ResetAsync(email, right.Of("resetToken"), "yet another password")).IsProblem(
            HttpStatusCode.Unauthorized, "wrong-reset-token");

        // The old password signs nobody in. Within a day of the registration it answers as for every address, so that nobody learns what
        // became of this one.
        (await api.PostAsync("login", new { email, password = ApiHost.Password })).IsProblem(
            HttpStatusCode.Forbidden, "not-verified", "cooldownSeconds");
        await api.LoginAsync(email, NewPassword);
        (await api.GetAsync("/api/auth/me", before.Of("token"))).Is(HttpStatusCode.Unauthorized);
        (await api.PostAsync("refresh", new { refreshToken = before.Of("refreshToken") })).Is(HttpStatusCode.Unauthorized);
        await api.Portal.DeliverAsync();
        Assert.Equal("Your password was changed", api.Portal.Inbox.First(message => message.To == email).Subject);
    }

    [Fact]
    public async Task The_route_that_takes_codes_of_every_purpose_yields_the_reset_token_too()
    {
        const string email = "other-route@example.com";
        await api.VerifiedAsync(email);

        var otp = await api.CodeAsync(email, "forgot_password");
        var right = (await api.PostAsync("verify-email-otp", new { email, otp, purpose = "forgot_password" })).Is(HttpStatusCode.OK)
            .Has("message", "resetToken", "expiresInSeconds");

        (await ResetAsync(email, right.Of("resetToken"))).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task All_invalid_reset_tokens_get_the_same_answer_to_the_byte()
    {
        const string email = "late@example.com";
        await api.VerifiedAsync(email);
        await api.VerifiedAsync("other@example.com");
        var others = await api.ResetTokenAsync("other@example.com");
        var over = await api.ResetTokenAsync(email);
        var never = (await ResetAsync(email, "never")).IsProblem(HttpStatusCode.Unauthorized, "wrong-reset-token");

        var anothers = await ResetAsync(email, others);
        var nobodys = await ResetAsync("nobody@example.com", others);
        api.Portal.Wait(TimeSpan.FromMinutes(10));
        var late = await ResetAsync(email, over);

        Assert.All([anothers, nobodys, late], answer => Assert.Equal((never.Status, never.Text), (answer.Status, answer.Text)));
        await api.LoginAsync(email);
    }

    [Theory]
    [InlineData("email", "no address")]
    [InlineData("resetToken", "")]
    [InlineData("resetToken", null)]
    [InlineData("newPassword", "short")]
    [InlineData("newPassword", "password1")]
    [InlineData("newPassword", null)]
    public async Task A_wrong_field_of_a_reset_is_named_and_the_token_stays_good(string field, string? value)
    {
        var email = $"fields-{field}-{value?.Length}@example.com".ToLowerInvariant();
        await api.VerifiedAsync(email);
        var token = await api.ResetTokenAsync(email);
        var body = new Dictionary<string, string?>
        {
            ["email"] = email,
            ["resetToken"] = token,
            ["newPassword"] = NewPassword,
            [field] = value,
        };

        (await api.PostAsync("forgot-password/reset", body)).IsInvalid(field);

        (await ResetAsync(email, token)).Is(HttpStatusCode.OK);
    }

    private Task<ApiResponse> ResetAsync(string email, string resetToken, string newPassword = NewPassword) =>
        api.PostAsync("forgot-password/reset", new { email, resetToken, newPassword });
}
