using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>How a mobile number is verified, and by whom.</summary>
public sealed class MobileVerificationTests : MobileTest
{
    [Fact]
    public async Task A_registration_with_a_number_sends_no_text()
    {
        Assert.Equal((1, 0), (await api.MessagesToAsync(Email), await api.MessagesToAsync(Mobile)));

        (await api.PostAsync("verify-email-otp", new { email = Email, otp = await api.Portal.CodeForAsync(Email) })).Is(HttpStatusCode.OK);

        var me = await api.GetAsync("/api/auth/me", await TokenAsync());
        Assert.Equal((Mobile, false), (me.Of("mobile"), me.Json.GetProperty("mobileVerified").GetBoolean()));
        Assert.Equal(0, await api.MessagesToAsync(Mobile));
    }

    [Fact]
    public async Task The_number_of_an_account_is_verified_by_that_account_alone()
    {
        (await api.PostAsync("verify-email-otp", new { email = Email, otp = await api.Portal.CodeForAsync(Email) })).Is(HttpStatusCode.OK);
        var token = await TokenAsync();
        await api.VerifiedAsync("stranger@example.com");

        // Whoever is not signed in learns nothing, and nothing is sent.
        (await api.PostAsync("send-email-otp", new { mobile = Mobile })).IsProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        (await api.PostAsync("send-email-otp", new { mobile = Mobile }, "no token")).IsProblem(HttpStatusCode.Unauthorized, "wrong-token");
        (await api.PostAsync("send-email-otp", new { mobile = "+447700900999" }, token)).IsInvalid("mobile");
        (await api.PostAsync("send-email-otp", new { mobile = Mobile }, await TokenAsync("stranger@example.com"))).IsInvalid("mobile");
        Assert.Equal((0, 0), (await api.MessagesToAsync(Mobile), await api.MessagesToAsync("+447700900999")));

        (await api.PostAsync("send-email-otp", new { mobile = "+44 (0)7700 900123" }, token)).Is(HttpStatusCode.Accepted)
            .Has("message", "cooldownSeconds", "expiresInSeconds");
        var otp = await api.Portal.CodeForAsync(Mobile);
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp })).IsProblem(HttpStatusCode.Unauthorized, "not-signed-in");
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp }, await TokenAsync("stranger@example.com"))).IsWrongCode(
            "wrong-code", 4);
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp }, token)).Is(HttpStatusCode.OK).Has("message");

        Assert.True((await api.GetAsync("/api/auth/me", token)).Json.GetProperty("mobileVerified").GetBoolean());
        (await api.PostAsync("send-email-otp", new { mobile = Mobile }, token)).IsInvalid("mobile");
    }

    [Fact]
    public async Task The_code_of_a_number_does_not_fit_the_address_and_the_other_way_round()
    {
        (await api.PostAsync("verify-email-otp", new { email = Email, otp = await api.Portal.CodeForAsync(Email) })).Is(HttpStatusCode.OK);
        var token = await TokenAsync();
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        (await api.PostAsync("send-email-otp", new { mobile = Mobile }, token)).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("login", new { email = Email })).Is(HttpStatusCode.Accepted);
        var (mailed, texted) = (await api.Portal.CodeForAsync(Email), await api.Portal.CodeForAsync(Mobile));
        Assert.SkipWhen(mailed == texted, "Two codes came out the same: one time in a million.");

        (await api.PostAsync("login", new { email = Email, otp = texted })).IsWrongCode("wrong-code", 4);
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp = mailed }, token)).IsWrongCode("wrong-code", 4);

        (await api.PostAsync("login", new { email = Email, otp = mailed })).Is(HttpStatusCode.OK);
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp = texted }, token)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_channel_or_name_that_does_not_fit_the_request_is_refused()
    {
        (await api.PostAsync("send-email-otp", new { email = Email, channel = "sms" })).IsInvalid("channel");
        (await api.PostAsync("verify-email-otp", new { email = Email, otp = await api.Portal.CodeForAsync(Email) })).Is(HttpStatusCode.OK);
        var token = await TokenAsync();
        (await api.PostAsync("send-email-otp", new { mobile = Mobile, channel = "email" }, token)).IsInvalid("channel");
        (await api.PostAsync("send-email-otp", new { mobile = Mobile, channel = "whatsapp" }, token)).IsInvalid("channel");
        (await api.PostAsync("send-email-otp", new { email = Email, mobile = Mobile })).IsInvalid("mobile");
        (await api.PostAsync("verify-email-otp", new { email = Email, mobile = Mobile, otp = "123456" })).IsInvalid("mobile");
        (await api.PostAsync("login", new { email = Email, mobile = Mobile, password = ApiHost.Password })).IsInvalid("mobile");
        (await api.PostAsync("register", new { email = "b@example.com", password = ApiHost.Password, channel = "sms" })).IsProblem(
            HttpStatusCode.BadRequest, "body", "line", "position");
    }
}
