using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>A verified mobile number names a person in the place of the address.</summary>
public sealed class MobileSignInTests : MobileTest
{
    [Fact]
    public async Task A_number_of_another_account_is_moved_when_requested_and_signs_that_account_out()
    {
        await VerifyBothAsync();
        var old = await TokenAsync();
        await api.VerifiedAsync("bob@example.com");
        var token = await TokenAsync("bob@example.com");
        await NameAsync("bob@example.com");
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        (await api.PostAsync("send-email-otp", new { mobile = Mobile }, token)).Is(HttpStatusCode.Accepted);
        var otp = await api.Portal.CodeForAsync(Mobile);

        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp }, token)).IsProblem(HttpStatusCode.Conflict, "number-held");
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp, move = false }, token)).IsProblem(
            HttpStatusCode.Conflict, "number-held");
        (await api.GetAsync("/api/auth/me", old)).Is(HttpStatusCode.OK);
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp, move = true }, token)).Is(HttpStatusCode.OK);

        (await api.GetAsync("/api/auth/me", old)).Is(HttpStatusCode.Unauthorized);
        Assert.Equal("bob@example.com",
            (await api.PostAsync("login", new { mobile = Mobile, password = ApiHost.Password })).Is(HttpStatusCode.OK).Of("email"));
    }

    [Theory]
    [InlineData("+447700900123")]
    [InlineData(" +44 (7700) 900-123 ")]
    public async Task A_number_in_any_spelling_signs_in_with_the_password(string mobile)
    {
        await VerifyBothAsync();

        Assert.Equal(Email, (await api.PostAsync("login", new { mobile, password = ApiHost.Password })).Is(HttpStatusCode.OK).Of("email"));
    }

    [Fact]
    public async Task A_number_signs_in_by_a_code_that_goes_to_the_phone()
    {
        await VerifyBothAsync();
        var mails = await api.MessagesToAsync(Email);

        (await api.PostAsync("login", new { mobile = Mobile })).Is(HttpStatusCode.Accepted)
            .Has("message", "otpRequired", "cooldownSeconds", "expiresInSeconds");
        Assert.Equal(Email,
            (await api.PostAsync("login", new { mobile = Mobile, otp = await api.Portal.CodeForAsync(Mobile) })).Is(HttpStatusCode.OK)
                .Of("email"));
        Assert.Equal(mails, await api.MessagesToAsync(Email));
    }

    [Fact]
    public async Task Codes_for_sign_in_and_forgotten_password_are_sent_to_and_entered_with_a_number()
    {
        await VerifyBothAsync();
        (await api.PostAsync("send-email-otp", new { mobile = Mobile, purpose = "login" })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("verify-email-otp",
            new { mobile = Mobile, otp = await api.Portal.CodeForAsync(Mobile), purpose = "login" })).Is(HttpStatusCode.OK);

        (await api.PostAsync("send-email-otp", new { mobile = Mobile, purpose = "forgot_password" })).Is(HttpStatusCode.Accepted);
        var right = await api.PostAsync(
            "verify-email-otp", new { mobile = Mobile, otp = await api.Portal.CodeForAsync(Mobile), purpose = "forgot_password" });
        (await api.PostAsync("forgot-password/reset",
            new { email = Email, resetToken = right.Of("resetToken"), newPassword = "a whole new password" })).Is(HttpStatusCode.OK);

        (await api.PostAsync("login", new { mobile = Mobile, password = "a whole new password" })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_address_may_choose_the_phone_and_a_number_may_not_choose_the_mailbox()
    {
        await VerifyBothAsync();

        (await api.PostAsync("login", new { email = Email, channel = "sms" })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("login", new { email = Email, otp = await api.Portal.CodeForAsync(Mobile) })).Is(HttpStatusCode.OK);

        // The messages to a mailbox are counted under its address: under the number they would be counted once more.
        foreach (var mobile in new[] { Mobile, "+447700900999" })
        {
            (await api.PostAsync("login", new { mobile, channel = "email" })).IsInvalid("channel");
            (await api.PostAsync("send-email-otp", new { mobile, purpose = "forgot_password", channel = "email" })).IsInvalid("channel");
        }

        (await api.PostAsync("forgot-password/send-otp", new { email = Email, channel = "sms" })).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("forgot-password/verify-otp", new { email = Email, otp = await api.Portal.CodeForAsync(Mobile) })).Is(
            HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_code_requested_by_number_is_not_entered_by_address_and_the_other_way_round()
    {
        await VerifyBothAsync();
        (await api.PostAsync("login", new { mobile = Mobile })).Is(HttpStatusCode.Accepted);

        (await api.PostAsync("login", new { email = Email, otp = await api.Portal.CodeForAsync(Mobile) })).IsWrongCode("no-code", 0);
    }

    [Fact]
    public async Task An_unknown_and_an_unverified_number_get_the_same_answers_and_no_text()
    {
        var texts = await api.MessagesToAsync(Mobile);
        (string Path, Func<string, object> Body)[] requests =
            [("login", mobile => new { mobile }), ("send-email-otp", mobile => new { mobile, purpose = "forgot_password" })];
        foreach (var (path, body) in requests)
        {
            var unverified = (await api.PostAsync(path, body(Mobile))).Is(HttpStatusCode.Accepted);
            var nobodys = (await api.PostAsync(path, body("+447700900999"))).Is(HttpStatusCode.Accepted);
            Assert.Equal(unverified.Text, nobodys.Text);
        }

        var wrong = await api.PostAsync("login", new { mobile = "+447700900999", password = ApiHost.Password });
        var right = await api.PostAsync("login", new { mobile = Mobile, password = ApiHost.Password });
        Assert.Equal((HttpStatusCode.Unauthorized, wrong.Text), (right.Status, right.Text));
        Assert.Equal((texts, 0), (await api.MessagesToAsync(Mobile), await api.MessagesToAsync("+447700900999")));
    }

    private async Task VerifyBothAsync()
    {
        (await api.PostAsync("verify-email-otp", new { email = Email, otp = await api.Portal.CodeForAsync(Email) })).Is(HttpStatusCode.OK);
        var token = await TokenAsync();
        (await api.PostAsync("send-email-otp", new { mobile = Mobile }, token)).Is(HttpStatusCode.Accepted);
        (await api.PostAsync("verify-email-otp", new { mobile = Mobile, otp = await api.Portal.CodeForAsync(Mobile) }, token)).Is(
            HttpStatusCode.OK);
    }

    /// <summary>Names the number for an account, as its page does.</summary>
    private async Task NameAsync(string email)
    {
        var id = await api.Portal.ReadAsync(db => db.Users.Where(user => user.Email == email).Select(user => user.Id)
            .SingleAsync(TestContext.Current.CancellationToken));
        Assert.Null(await api.Portal.Services.GetRequiredService<AccountMobiles>()
            .ChangeAsync(id, Mobile, session: null, TestContext.Current.CancellationToken));
    }
}
