using System.Net;
using Microsoft.EntityFrameworkCore;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Entering a code, by each of the routes that take one.</summary>
public sealed class VerifyCodeTests(ApiHost host) : VerifyCodeTest(host)
{
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_wrong_code_says_how_many_attempts_are_left_and_after_five_the_right_one_is_refused(string route, string purpose)
    {
        var email = await PersonAsync("guess", route, purpose);
        var code = await api.CodeAsync(email, purpose);

        foreach (var left in new[] { 4, 3, 2, 1, 0 })
        {
            (await EnterAsync(route, purpose, email, PortalHost.Not(code))).IsWrongCode("wrong-code", left);
        }

        (await EnterAsync(route, purpose, email, code)).IsWrongCode("no-code", 0);
    }

    [Fact]
    public async Task A_verified_registration_yields_no_token_and_is_no_sign_in()
    {
        const string email = "no-sign-in@example.com";
        await api.VerifiedAsync(email);
        Assert.Equal((null, false), await SeenAsync());

        await api.LoginAsync(email);
        var (signedInAt, noted) = await SeenAsync();
        Assert.NotNull(signedInAt);
        Assert.True(noted);

        Task<(DateTimeOffset? SignedInAt, bool Noted)> SeenAsync() => api.Portal.ReadAsync(async db => (
            await db.Users.Where(user => user.NormalizedEmail == email).Select(user => user.LastSignInAt).SingleAsync(),
            await db.Activity.AnyAsync(one => one.Address == email && one.Kind == ActivityEventKind.SignedIn)));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task All_invalid_codes_get_the_same_answer_to_the_byte(
        string route, string purpose)
    {
        var never = await EnterAsync(route, purpose, "never-asked@example.com", "123456");

        var used = await PersonAsync("used", route, purpose);
        var code = await api.CodeAsync(used, purpose);
        (await EnterAsync(route, purpose, used, code)).Is(HttpStatusCode.OK);
        var again = await EnterAsync(route, purpose, used, code);

        var guessed = await PersonAsync("guessed", route, purpose);
        var tried = await api.CodeAsync(guessed, purpose);
        for (var i = 0; i < 5; i++)
        {
            await EnterAsync(route, purpose, guessed, PortalHost.Not(tried));
        }

        var tooOften = await EnterAsync(route, purpose, guessed, tried);

        var late = await PersonAsync("late", route, purpose);
        var expired = await api.CodeAsync(late, purpose);
        api.Portal.Wait(TimeSpan.FromMinutes(10));
        var tooLate = await EnterAsync(route, purpose, late, expired);

        never.IsWrongCode("no-code", 0);
        Assert.All([again, tooOften, tooLate], answer => Assert.Equal((never.Status, never.Text), (answer.Status, answer.Text)));
        Assert.All([never, again, tooOften, tooLate], answer => Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString()));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_code_for_an_unknown_address_gets_the_same_answer_to_the_byte_as_for_a_known_one(string route, string purpose)
    {
        var known = await PersonAsync("known", route, purpose);
        var unknown = $"un{known}";
        var code = await api.CodeAsync(known, purpose);
        (await api.PostAsync("send-email-otp", new { email = unknown, purpose })).Is(HttpStatusCode.Accepted);

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal((await EnterAsync(route, purpose, known, PortalHost.Not(code))).Text,
                (await EnterAsync(route, purpose, unknown, PortalHost.Not(code))).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task An_earlier_code_is_named_as_such_by_the_API_and_costs_no_attempt(string route, string purpose)
    {
        var email = await PersonAsync("earlier", route, purpose);
        var earlier = await api.CodeAsync(email, purpose);
        api.Portal.Wait(TimeSpan.FromMinutes(2));
        var sentAt = api.Portal.Clock!.GetUtcNow();
        var code = await api.CodeAsync(email, purpose);
        Assert.SkipWhen(earlier == code, "Two codes in a row came out the same: one time in a million.");

        for (var i = 0; i < 6; i++)
        {
            var answer = (await EnterAsync(route, purpose, email, earlier)).IsWrongCode("superseded-code", 5);
            Assert.Contains($"{sentAt:HH:mm} UTC", answer.Of("detail"), StringComparison.Ordinal);
        }

        (await EnterAsync(route, purpose, email, code)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_code_is_worthless_for_another_purpose_and_for_another_address(string route, string purpose)
    {
        var email = await PersonAsync("purpose", route, purpose);
        var other = await PersonAsync("other", route, purpose);
        var code = await api.CodeAsync(email, purpose);
        var others = await api.CodeAsync(other, purpose);
        foreach (var (elsewhere, different) in Routes.Select(row => row.Data).Where(row => row.Item2 != purpose))
        {
            (await EnterAsync(elsewhere, different, email, code)).Is(HttpStatusCode.Unauthorized);
        }

        Assert.SkipWhen(others == code, "Two codes came out the same: one time in a million.");
        (await EnterAsync(route, purpose, email, others)).IsWrongCode("wrong-code", 4);
        (await EnterAsync(route, purpose, email, code)).Is(HttpStatusCode.OK);
    }
}
