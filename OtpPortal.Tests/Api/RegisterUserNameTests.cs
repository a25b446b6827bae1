using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>User names that two registrations want.</summary>
public sealed class RegisterUserNameTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task A_user_name_of_an_account_is_taken_in_any_case_of_letters()
    {
        (await api.PostAsync("register", new { email = "holder@example.com", password = ApiHost.Password, userName = "Holder" })).Is(
            HttpStatusCode.Accepted);
        (await api.PostAsync("verify-email-otp",
            new { email = "holder@example.com", otp = await api.Portal.CodeForAsync("holder@example.com") })).Is(HttpStatusCode.OK);

        (await api.PostAsync("register", new { email = "late@example.com", password = ApiHost.Password, userName = "HOLDER" })).IsInvalid(
            "userName");

        Assert.Equal(0, await api.MessagesToAsync("late@example.com"));

        // Nor does it tell whether the address is taken.
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        (await api.PostAsync("register", new { email = "holder@example.com", password = ApiHost.Password, userName = "holder" })).IsInvalid(
            "userName");
    }

    [Fact]
    public async Task The_first_verified_of_two_registrations_with_one_user_name_has_it()
    {
        (await api.PostAsync("register", new { email = "squatter@example.com", password = ApiHost.Password, userName = "wanted" })).Is(
            HttpStatusCode.Accepted);
        (await api.PostAsync("register", new { email = "owner@example.com", password = ApiHost.Password, userName = "Wanted" })).Is(
            HttpStatusCode.Accepted);

        foreach (var email in new[] { "owner@example.com", "squatter@example.com" })
        {
            (await api.PostAsync("verify-email-otp", new { email, otp = await api.Portal.CodeForAsync(email) })).Is(HttpStatusCode.OK);
        }

        Assert.Equal("Wanted", await UserNameAsync("owner@example.com"));
        Assert.Null(await UserNameAsync("squatter@example.com"));
    }

    private async Task<string?> UserNameAsync(string email) =>
        (await api.GetAsync("/api/auth/me", (await api.LoginAsync(email)).Of("token"))).Of("userName");
}
