using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary><c>POST login</c>: with a password, with a code, or with the wish for one.</summary>
public sealed class LoginTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static readonly string[] Members = [
        "token", "tokenType", "expiresInSeconds", "refreshToken", "firstName", "lastName", "email", "loginAt"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_right_password_signs_in_through_the_API()
    {
        await api.VerifiedAsync("ann@example.com");

        IsSignedIn(await api.PostAsync("login", new { email = " ANN@example.com ", password = ApiHost.Password }), "ann@example.com");
    }

    [Fact]
    public async Task A_code_is_requested_and_signs_in_through_the_API_once()
    {
        const string email = "by-code@example.com";
        await api.VerifiedAsync(email);

        var asked = (await api.PostAsync("login", new { email })).Is(HttpStatusCode.Accepted)
            .Has("message", "otpRequired", "cooldownSeconds", "expiresInSeconds");
        Assert.True(asked.Json.GetProperty("otpRequired").GetBoolean());
        Assert.Equal((120, 300), (asked.Number("cooldownSeconds"), asked.Number("expiresInSeconds")));
        (await api.PostAsync("login", new { email })).IsTooMany("cooldown", 120);
        var otp = await api.Portal.CodeForAsync(email);

        IsSignedIn(await api.PostAsync("login", new { email, otp }), email);
        (await api.PostAsync("login", new { email, otp })).IsWrongCode("no-code", 0);
    }

    [Fact]
    public async Task A_login_code_for_an_unknown_address_gets_the_same_answer_and_sends_nothing()
    {
        await api.VerifiedAsync("known@example.com");
        var known = await api.PostAsync("login", new { email = "known@example.com" });

        var unknown = await api.PostAsync("login", new { email = "unknown@example.com" });

        Assert.Equal((known.Status, known.Text), (unknown.Status, unknown.Text));
        Assert.Equal(0, await api.MessagesToAsync("unknown@example.com"));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer_to_the_byte()
    {
        await api.VerifiedAsync("right@example.com");
        (await api.PostAsync("register", new { email = "unverified@example.com", password = ApiHost.Password })).Is(
            HttpStatusCode.Accepted);
        (await api.PostAsync("register", new { email = "no-password@example.com", password = ApiHost.Password })).Is(
            HttpStatusCode.Accepted);
        (await api.PostAsync("login",
            new { email = "no-password@example.com", otp = await api.CodeAsync("no-password@example.com", "login") })).Is(
                HttpStatusCode.OK);

        var wrong = (await api.PostAsync("login", new { email = "right@example.com", password = "another password" })).IsProblem(
            HttpStatusCode.Unauthorized, "wrong-password");

        Assert.Equal("Bearer", wrong.Headers.WwwAuthenticate.ToString());
        foreach (var email in new[] { "nobody@example.com", "unverified@example.com", "no-password@example.com" })
        {
            var answer = await api.PostAsync("login", new { email, password = "another password" });
            Assert.Equal((email, wrong.Status, wrong.Text), (email, answer.Status, answer.Text));
        }
    }

    [Fact]
    public async Task The_password_of_an_unverified_account_is_answered_as_such_and_sends_a_code()
    {
        const string email = "waits@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        Assert.Equal(1, await api.MessagesToAsync(email));
        api.Portal.Wait(TimeSpan.FromMinutes(2));

        var refused = (await api.PostAsync("login", new { email, password = ApiHost.Password })).IsProblem(
            HttpStatusCode.Forbidden, "not-verified", "cooldownSeconds");

        Assert.Equal(("Account is not verified", 120), (refused.Of("title"), refused.Number("cooldownSeconds")));
        Assert.Equal(2, await api.MessagesToAsync(email));

        // Within the cooldown the code before is still good, and no other is sent.
        api.Portal.Wait(TimeSpan.FromSeconds(20));
        var again = (await api.PostAsync("login", new { email, password = ApiHost.Password })).IsProblem(
            HttpStatusCode.Forbidden, "not-verified", "cooldownSeconds");
        Assert.Equal(("Account is not verified", 100), (again.Of("title"), again.Number("cooldownSeconds")));
        Assert.Equal(2, await api.MessagesToAsync(email));
        (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);
        await api.LoginAsync(email);
    }

    [Fact]
    public async Task The_route_that_takes_codes_of_every_purpose_signs_in_too()
    {
        const string email = "other-route@example.com";
        await api.VerifiedAsync(email);

        var verified = (await api.PostAsync("verify-email-otp",
            new { email, otp = await api.CodeAsync(email, "login"), purpose = "login" })).Is(HttpStatusCode.OK).Has("message", "login");

        var login = verified.Json.GetProperty("login");
        Assert.Equal(Members, login.EnumerateObject().Select(member => member.Name));
        (await api.GetAsync("/api/auth/me", login.GetProperty("token").GetString())).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_sign_in_through_the_API_is_recorded_and_unknown_names_are_null()
    {
        const string email = "nameless@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);
        api.Portal.Wait(TimeSpan.FromMinutes(1));

        var login = await api.LoginAsync(email);

        Assert.All(["firstName", "lastName"], name => Assert.Equal(JsonValueKind.Null, login.Json.GetProperty(name).ValueKind));
        var account = await api.Portal.ReadAsync(db => db.Users.SingleAsync(user => user.NormalizedEmail == email, Cancel));
        Assert.Equal(api.Portal.Clock!.GetUtcNow(), account.LastSignInAt);
    }

    [Fact]
    public async Task A_login_with_password_and_code_is_refused_and_the_code_stays_good()
    {
        const string email = "both@example.com";
        await api.VerifiedAsync(email);
        var otp = await api.CodeAsync(email, "login");

        (await api.PostAsync("login", new { email, otp, password = ApiHost.Password })).IsInvalid("otp");

        (await api.PostAsync("login", new { email, otp })).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("email", "no address")]
    [InlineData("email", null)]
    [InlineData("password", "")]
    [InlineData("mobile", "+44 7700 900123")]
    [InlineData("channel", "pigeon")]
    [InlineData("codeChallenge", "x")]
    public async Task A_wrong_field_of_a_login_is_named(string field, string? value)
    {
        var body = new Dictionary<string, string?> { ["email"] = "fields@example.com", ["password"] = ApiHost.Password, [field] = value };

        (await api.PostAsync("login", body)).IsInvalid(field);
    }

    [Theory]
    [InlineData("email", "no address")]
    [InlineData("mobile", "+44 7700 900123")]
    [InlineData("channel", "sms")]
    [InlineData("codeChallenge", "x")]
    public async Task A_wrong_field_of_a_request_for_a_login_code_is_named(string field, string? value)
    {
        var body = new Dictionary<string, string?> { ["email"] = "asks@example.com", [field] = value };

        (await api.PostAsync("login", body)).IsInvalid(field);
        Assert.Equal(0, await api.Portal.ReadAsync(db => db.OtpCodes.CountAsync(row => row.Email == "asks@example.com", Cancel)));
    }

    private void IsSignedIn(ApiResponse answer, string email)
    {
        answer.Is(HttpStatusCode.OK).Has(Members);
        Assert.Equal(("Bearer", 900, email), (answer.Of("tokenType"), answer.Number("expiresInSeconds"), answer.Of("email")));
        Assert.Equal(("Ann", "Other"), (answer.Of("firstName"), answer.Of("lastName")));
        Assert.Equal(api.Portal.Clock!.GetUtcNow().ToUnixTimeSeconds(), answer.Number("loginAt"));
        Assert.Equal(2, answer.Of("token").Count('.'));
    }
}
