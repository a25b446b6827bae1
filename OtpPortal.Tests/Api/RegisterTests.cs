using System.Net;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary><c>POST register</c>, and the code that ends it.</summary>
public sealed class RegisterTests(ApiHost api) : IClassFixture<ApiHost>
{
    private const string Letters101 =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + "x";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registration_is_accepted_and_its_code_verifies_the_address()
    {
        const string email = "ann@example.com";
        var sent = await api.PostAsync("register", new
        {
            email = " Ann@Example.com ",
            password = ApiHost.Password,
            firstName = " Ann ",
            lastName = "Other",
            userName = "Ann.O",
            mobile = "+44 7700 900123",
        });

        sent.Is(HttpStatusCode.Accepted).Has("message", "cooldownSeconds", "expiresInSeconds");
        Assert.Equal((120, 300), (sent.Number("cooldownSeconds"), sent.Number("expiresInSeconds")));
        Assert.Equal("application/json", sent.MediaType);
        (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK)
            .Has("message");

        var me = await api.GetAsync("/api/auth/me", (await api.LoginAsync(email)).Of("token"));
        Assert.Equal((email, "Ann.O", "Ann", "Other", "+447700900123"),
            (me.Of("email"), me.Of("userName"), me.Of("firstName"), me.Of("lastName"), me.Of("mobile")));
        Assert.False(me.Json.GetProperty("mobileVerified").GetBoolean());
    }

    [Fact]
    public async Task The_optional_members_of_a_registration_may_be_left_out_or_null_or_empty()
    {
        (await api.PostAsync("register", new { email = "out@example.com", password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("register", new
        {
            email = "null@example.com",
            password = ApiHost.Password,
            firstName = (string?)null,
            lastName = (string?)null,
            userName = (string?)null,
            mobile = (string?)null,
            codeChallenge = (string?)null,
        })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("register", new
        {
            email = "empty@example.com", password = ApiHost.Password, firstName = "", lastName = "", userName = "", mobile = "",
                codeChallenge = "",
        })).Is(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("email", "ann(at)example.com")]
    [InlineData("email", "")]
    [InlineData("email", null)]
    [InlineData("password", "short")]
    [InlineData("password", "password1")]
    [InlineData("password", null)]
    [InlineData("firstName", "A\tnn")]
    [InlineData("lastName", Letters101)]
    [InlineData("userName", "a b")]
    [InlineData("userName", "an")]
    [InlineData("userName", "ann@example.com")]
    [InlineData("mobile", "07700 900123")]
    [InlineData("codeChallenge", "too short")]
    [InlineData("codeChallenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    public async Task A_wrong_field_of_a_registration_is_named_and_nothing_is_written(string field, string? value)
    {
        var email = $"invalid-{field}@example.com".ToLowerInvariant();
        var body = new Dictionary<string, string?>
        {
            ["email"] = email,
            ["password"] = ApiHost.Password,
            [field] = value,
        };

        (await api.PostAsync("register", body)).IsInvalid(field);

        Assert.Equal(0, await api.MessagesToAsync(email));
        Assert.Equal(0, await api.Portal.ReadAsync(db => db.Users.CountAsync(user => user.NormalizedEmail == email, Cancel)));
    }

    [Fact]
    public async Task Several_wrong_fields_of_a_registration_are_named_at_once() =>
        (await api.PostAsync(
            "register", new { email = "?", password = "short", firstName = "\u0001", lastName = "\u0001", userName = "?", mobile = "?" }))
            .IsInvalid("email", "firstName", "lastName", "mobile", "password", "userName");

    [Fact]
    public async Task A_registration_of_a_taken_address_gets_the_same_answer_and_a_mail_without_a_code()
    {
        const string email = "taken@example.com";
        var first = await api.PostAsync("register", new { email, password = ApiHost.Password });
        (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);
        api.Portal.Wait(TimeSpan.FromMinutes(2));

        var again = await api.PostAsync("register", new { email, password = "a stranger's password", firstName = "Mallory" });

        Assert.Equal((HttpStatusCode.Accepted, first.Text), (again.Status, again.Text));
        Assert.Equal(2, await api.MessagesToAsync(email));
        Assert.Null(api.Portal.Inbox.First(message => message.To == email).Code);
        await api.LoginAsync(email);
    }

    [Fact]
    public async Task A_second_registration_is_refused_during_the_cooldown_and_accepted_after_it()
    {
        const string email = "twice@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromSeconds(1));

        (await api.PostAsync("register", new { email, password = ApiHost.Password })).IsTooMany("cooldown", 119);
        api.Portal.Wait(TimeSpan.FromSeconds(118));
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).IsTooMany("cooldown", 1);
        api.Portal.Wait(TimeSpan.FromSeconds(1));

        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);
        await api.LoginAsync(email);
    }

    [Fact]
    public async Task Two_registrations_without_a_binding_and_with_different_passwords_leave_neither_password()
    {
        const string email = "two-passwords@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        (await api.PostAsync("register", new { email, password = "the second password" })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);

        foreach (var password in new[] { ApiHost.Password, "the second password" })
        {
            // The one that the registration remembers answers as one that waits, for its day; neither signs in.
            Assert.Contains((await api.PostAsync("login", new { email, password })).Status,
                new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden });
        }

        var login = (await api.PostAsync("login", new { email, otp = await api.CodeAsync(email, "login") })).Is(HttpStatusCode.OK);
        Assert.False((await api.GetAsync("/api/auth/me", login.Of("token"))).Json.GetProperty("hasPassword").GetBoolean());
    }

    [Theory]
    [InlineData("email")]
    [InlineData("sms")]
    [InlineData(null)]
    public async Task A_channel_is_not_a_member_of_a_registration(string? channel)
    {
        const string email = "channel@example.com";
        (await api.PostAsync("register", new { email, password = ApiHost.Password, channel })).IsProblem(
            HttpStatusCode.BadRequest, "body", "line", "position");

        Assert.Equal(0, await api.MessagesToAsync(email));
    }
}
