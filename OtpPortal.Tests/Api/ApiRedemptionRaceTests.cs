using System.Net;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api;

/// <summary>Codes and tokens that are requested and redeemed many times at once: each is good once.</summary>
public sealed class ApiRedemptionRaceTests(ApiHost host) : ApiRaceTest(host)
{
    private const string NewPassword = "a whole new password";

    [Theory]
    [InlineData("verify-email-otp", "register")]
    [InlineData("verify-email-otp", "login")]
    [InlineData("login", "login")]
    [InlineData("forgot-password/verify-otp", "forgot_password")]
    public async Task A_code_is_redeemed_through_the_API_once_however_many_try(string route, string purpose)
    {
        for (var round = 0; round < 5; round++)
        {
            var email = await PersonAsync($"redeem{round}-{route.Length}{purpose}@example.com");
            var otp = await api.CodeAsync(email, purpose);

            var answers = await ParallelCalls.RunAsync(50, _ => EnterAsync(route, purpose, email, otp));

            Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => answer.IsWrongCode("no-code", 0));
        }
    }

    [Theory]
    [InlineData("verify-email-otp", "register")]
    [InlineData("login", "login")]
    [InlineData("forgot-password/verify-otp", "forgot_password")]
    public async Task Five_of_two_hundred_parallel_wrong_guesses_through_the_API_are_looked_at(string route, string purpose)
    {
        for (var round = 0; round < 2; round++)
        {
            var email = await PersonAsync($"guess{round}-{purpose}@example.com");
            var otp = await api.CodeAsync(email, purpose);

            var answers = await ParallelCalls.RunAsync(200, _ => EnterAsync(route, purpose, email, PortalHost.Not(otp)));

            var looked = answers.Where(answer => answer.Is(HttpStatusCode.Unauthorized).Of("type")
                .EndsWith(":wrong-code", StringComparison.Ordinal)).ToList();
            Assert.Equal([0L, 1, 2, 3, 4], looked.Select(answer => answer.Number("attemptsLeft")).Order());
            Assert.All(answers.Except(looked), answer => answer.IsWrongCode("no-code", 0));
            (await EnterAsync(route, purpose, email, otp)).IsWrongCode("no-code", 0);
        }
    }

    [Theory]
    [InlineData("send-email-otp")]
    [InlineData("login")]
    [InlineData("forgot-password/send-otp")]
    public async Task Fifty_parallel_sends_through_the_API_send_one_message(string route)
    {
        for (var round = 0; round < 3; round++)
        {
            var email = await PersonAsync($"send{round}-{route.Length}@example.com");
            var before = await api.MessagesToAsync(email);
            object body = route == "send-email-otp" ? new { email, purpose = "login" } : new { email };

            var answers = await ParallelCalls.RunAsync(50, _ => api.PostAsync(route, body));

            Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.Accepted), answer => answer.IsTooMany("cooldown", 120));
            Assert.Equal(before + 1, await api.MessagesToAsync(email));
        }
    }

    [Fact]
    public async Task The_right_code_is_accepted_by_the_API_beside_a_wrong_guess_at_the_same_moment()
    {
        for (var round = 0; round < 50; round++)
        {
            var email = $"beside{round}@example.com";
            (await api.PostAsync("register", new { email, password = ApiHost.Password })).Is(HttpStatusCode.Accepted);
            var otp = await api.Portal.CodeForAsync(email);

            var answers = await ParallelCalls.RunAsync(
                () => EnterAsync("verify-email-otp", "register", email, PortalHost.Not(otp)),
                () => EnterAsync("verify-email-otp", "register", email, otp));

            answers[1].Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_new_code_is_accepted_by_the_API_after_a_wrong_guess_at_the_moment_of_its_sending()
    {
        for (var round = 0; round < 50; round++)
        {
            var email = await PersonAsync($"resend{round}@example.com");
            var wrong = PortalHost.Not(await api.CodeAsync(email, "login"));
            api.Portal.Wait(TimeSpan.FromMinutes(2));

            var answers = await ParallelCalls.RunAsync(
                () => EnterAsync("login", "login", email, wrong), () => api.PostAsync("login", new { email }));

            answers[0].Is(HttpStatusCode.Unauthorized);
            answers[1].Is(HttpStatusCode.Accepted);
            (await EnterAsync("login", "login", email, await api.Portal.CodeForAsync(email))).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_code_entered_at_the_moment_of_a_resend_signs_in_or_is_named_as_the_earlier_one()
    {
        for (var round = 0; round < 50; round++)
        {
            var email = await PersonAsync($"verify-resend{round}@example.com");
            var earlier = await api.CodeAsync(email, "login");
            api.Portal.Wait(TimeSpan.FromMinutes(2));

            var answers = await ParallelCalls.RunAsync(
                () => EnterAsync("login", "login", email, earlier), () => api.PostAsync("login", new { email }));

            answers[1].Is(HttpStatusCode.Accepted);
            Assert.All(answers[..1].Where(answer => answer.Status != HttpStatusCode.OK),
                answer => answer.IsWrongCode("superseded-code", 5));

            // Whichever came first, the new one is good, and good once.
            var otp = await api.Portal.CodeForAsync(email);
            (await EnterAsync("login", "login", email, otp)).Is(HttpStatusCode.OK);
            (await EnterAsync("login", "login", email, otp)).IsWrongCode("no-code", 0);
        }
    }

    [Fact]
    public async Task One_of_several_parallel_uses_of_a_reset_token_sets_the_password()
    {
        var email = await PersonAsync("reset@example.com");
        var resetToken = await api.ResetTokenAsync(email);

        var answers = await ParallelCalls.RunAsync(
            MostHashed, i => api.PostAsync("forgot-password/reset", new { email, resetToken, newPassword = $"{NewPassword} {i}" }));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK),
            answer => answer.IsProblem(HttpStatusCode.Unauthorized, "wrong-reset-token"));
        await api.LoginAsync(email, $"{NewPassword} {Array.FindIndex(answers, answer => answer.Status == HttpStatusCode.OK)}");
    }

    [Fact]
    public async Task One_of_several_parallel_uses_of_a_refresh_token_succeeds_and_its_family_ends()
    {
        var email = await PersonAsync("refresh@example.com");
        (await EnterAsync("verify-email-otp", "register", email, await api.CodeAsync(email, "register"))).Is(HttpStatusCode.OK);
        for (var round = 0; round < 5; round++)
        {
            var (mine, others) = (await api.LoginAsync(email), await api.LoginAsync(email));

            var answers = await ParallelCalls.RunAsync(20, _ => api.PostAsync("refresh", new { refreshToken = mine.Of("refreshToken") }));

            var next = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
            Assert.All(
                answers.Where(answer => answer != next), answer => answer.IsProblem(HttpStatusCode.Unauthorized, "wrong-refresh-token"));
            (await api.PostAsync("refresh", new { refreshToken = next.Of("refreshToken") })).IsProblem(
                HttpStatusCode.Unauthorized, "wrong-refresh-token");
            (await api.PostAsync("refresh", new { refreshToken = others.Of("refreshToken") })).Is(HttpStatusCode.OK);
        }
    }
}
