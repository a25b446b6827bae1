using OtpPortal.Data;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Otp;

/// <summary>What must hold under any number of parallel requests, on the real database file.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private readonly PortalHost portal = new();

    public ValueTask InitializeAsync() => portal.StartAsync();

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exactly_five_of_two_hundred_parallel_wrong_guesses_are_checked()
    {
        for (var round = 0; round < 10; round++)
        {
            var email = $"guess{round}@example.com";
            var wrong = PortalHost.Not(await SendAsync(email));

            var outcomes = await ParallelCalls.RunAsync(200, _ => VerifyAsync(email, wrong));

            Assert.Equal([0, 1, 2, 3, 4], outcomes.OfType<VerifyOutcome.Wrong>().Select(outcome => outcome.AttemptsLeft).Order());
            Assert.Equal(195, outcomes.OfType<VerifyOutcome.TooManyAttempts>().Count());
        }
    }

    [Fact]
    public async Task A_code_is_redeemed_once_however_many_try()
    {
        for (var round = 0; round < 20; round++)
        {
            var email = $"redeem{round}@example.com";
            var code = await SendAsync(email);

            var outcomes = await ParallelCalls.RunAsync(50, _ => VerifyAsync(email, code));

            Assert.Single(outcomes.OfType<VerifyOutcome.Verified>());
            Assert.Equal(49, outcomes.OfType<VerifyOutcome.None>().Count());
        }
    }

    [Fact]
    public async Task Fifty_parallel_sends_send_one_message()
    {
        for (var round = 0; round < 20; round++)
        {
            var email = $"send{round}@example.com";

            var outcomes = await ParallelCalls.RunAsync(
                50, _ => portal.Otp.SendAsync(new(Identifier.FromStored(email), Purpose.Login, Binding.None), Cancel));
            await portal.DeliverAsync();

            Assert.Single(outcomes.OfType<SendOutcome.Sent>());
            Assert.Equal(49, outcomes.OfType<SendOutcome.Refused>().Count(refused => refused.Reason == SendRefusal.Cooldown));
            Assert.Single(portal.Inbox, message => message.To == email);
        }
    }

    [Fact]
    public async Task The_right_code_is_accepted_beside_a_wrong_guess_at_the_same_moment()
    {
        for (var round = 0; round < 200; round++)
        {
            var email = $"beside{round}@example.com";
            var code = await SendAsync(email);

            var outcomes = await ParallelCalls.RunAsync(
                () => VerifyAsync(email, PortalHost.Not(code)), () => VerifyAsync(email, code));

            Assert.IsType<VerifyOutcome.Verified>(outcomes[1]);
        }
    }

    [Fact]
    public async Task The_new_code_is_accepted_after_a_wrong_guess_at_the_moment_of_its_sending()
    {
        for (var round = 0; round < 200; round++)
        {
            var email = $"resend{round}@example.com";
            var wrong = PortalHost.Not(await SendAsync(email));
            portal.Clock!.Advance(TimeSpan.FromMinutes(2));

            var outcomes = await ParallelCalls.RunAsync<object>(
                async () => await VerifyAsync(email, wrong),
                async () => await portal.Otp.SendAsync(new(Identifier.FromStored(email), Purpose.Login, Binding.None), Cancel));

            Assert.IsType<SendOutcome.Sent>(outcomes[1]);
            Assert.IsType<VerifyOutcome.Verified>(await VerifyAsync(email, await portal.CodeForAsync(email)));
        }
    }

    private async Task<string> SendAsync(string email)
    {
        Assert.IsType<SendOutcome.Sent>(await portal.Otp.SendAsync(new(Identifier.FromStored(email), Purpose.Login, Binding.None), Cancel));
        return await portal.CodeForAsync(email);
    }

    private Task<VerifyOutcome> VerifyAsync(string email, string code) =>
        portal.Otp.VerifyAsync(Identifier.FromStored(email), Purpose.Login, Binding.None, code, Cancel);
}
