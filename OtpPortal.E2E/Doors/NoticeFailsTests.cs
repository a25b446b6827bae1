using System.Net;
using OtpPortal.E2E.Support;

namespace OtpPortal.E2E.Doors;

/// <summary>The notice of the last wrong guess cannot be written down, and the guess is paid for all the same.</summary>
public sealed class NoticeFailsTests
{
    private const string Ann = "ann@example.com";

    [Theory]
    [InlineData("login")]
    [InlineData("forgot_password")]
    public async Task The_last_wrong_guess_is_paid_for_even_if_its_notice_fails(string purpose)
    {
        await using var portal = await PublishedPortal.StartAsync();
        await portal.JoinAsync(Ann);
        var stranger = portal.NewVisitor();
        var count = portal.CodesFor(Ann).Count;
        await stranger.PostAsync("send-email-otp", new { email = Ann, purpose }).Is(HttpStatusCode.Accepted);
        var right = await portal.CodeForAsync(Ann, count + 1);
        await portal.DrainedAsync();

        // Four is the kind of that notice.
        SqliteFile.Execute(portal.Database,
            "CREATE TRIGGER NoNotice BEFORE INSERT ON Outbox WHEN NEW.Kind = 4 BEGIN SELECT RAISE(ABORT, 'a fault of the test'); END");
        for (var guess = 1; guess <= 5; guess++)
        {
            var answer = await GuessAsync(Accounts.OtherThan(right));
            Assert.True(guess == 5 || answer.Status == HttpStatusCode.Unauthorized, answer.Text);
        }

        await GuessAsync(right).Is(HttpStatusCode.Unauthorized);
        Assert.Equal(count + 1, portal.MailsTo(Ann).Count);

        Task<Reply> GuessAsync(string otp) => stranger.PostAsync("verify-email-otp", new { email = Ann, otp, purpose });
    }
}
