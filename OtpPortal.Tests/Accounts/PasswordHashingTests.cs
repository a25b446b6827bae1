using Microsoft.AspNetCore.Identity;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Accounts;

/// <summary>The queue for hashing passwords, with a hasher that ends when the test says so.</summary>
public sealed class PasswordHashingTests : IDisposable
{
    private readonly TestClock clock = new();
    private readonly HeldHasher hasher = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => hasher.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task No_more_passwords_are_hashed_at_a_time_than_there_are_slots(int slots)
    {
        var hashing = new PasswordHashing(hasher, clock, slots);
        var all = Enumerable.Range(0, 20).Select(i => hashing.HashAsync($"p{i}", Cancel)).ToList();
        while (hasher.Begun.Count < slots)
        {
            await Task.Delay(1, Cancel);
        }

        hasher.Release(20);

        await Task.WhenAll(all);
        Assert.Equal(slots, hasher.MostAtOnce);
        Assert.Equal("hash of p7", await all[7]);
        Assert.Equal(0, hashing.Waiting);
    }

    [Fact]
    public async Task A_password_comparison_waits_its_turn_and_returns_the_result_of_the_hasher()
    {
        var hashing = new PasswordHashing(hasher, clock, slots: 1);
        var right = hashing.VerifyAsync("hash of p", "p", Cancel);
        var wrong = hashing.VerifyAsync("hash of p", "q", Cancel);
        hasher.Release(2);

        Assert.Equal((PasswordVerificationResult.Success, PasswordVerificationResult.Failed), (await right, await wrong));
        Assert.Equal(1, hasher.MostAtOnce);
    }

    [Fact]
    public async Task Clients_take_turns_at_hashing_however_many_passwords_one_of_them_sends()
    {
        var hashing = new PasswordHashing(hasher, clock, slots: 1);
        var first = HashAsync(hashing, "192.0.2.1", "first");
        var flood = Enumerable.Range(0, PasswordHashing.MaxWaitingPerClient).Select(i => HashAsync(hashing, "192.0.2.1", $"flood{i}"))
            .ToList();
        var other = HashAsync(hashing, "192.0.2.2", "other");
        hasher.Release(3);

        await other;
        Assert.Equal(["first", "flood0", "other"], hasher.Begun.Take(3));
        hasher.Release(flood.Count);
        await Task.WhenAll([first, .. flood]);
        Assert.Equal(
            flood.Select((_, i) => $"flood{i}"), hasher.Begun.Where(password => password.StartsWith("flood", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8::1", "2001:db8::2:1", "2001:db8:0:1::1")]
    public async Task A_client_has_a_small_share_of_the_hashing_queue_and_the_rest_is_for_others(string client, string same, string another)
    {
        var hashing = new PasswordHashing(hasher, clock, slots: 1);
        List<Task> accepted = [HashAsync(hashing, client, "first"),
            .. Enumerable.Range(0, PasswordHashing.MaxWaitingPerClient).Select(i => HashAsync(hashing, client, $"{i}"))];

        var refused = await Assert.ThrowsAsync<ServiceUnavailableException>(() => HashAsync(hashing, same, "refused"));
        accepted.Add(HashAsync(hashing, another, "other"));
        hasher.Release(accepted.Count);

        await Task.WhenAll(accepted);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.DoesNotContain("refused", hasher.Begun);
    }

    [Fact]
    public async Task The_hashing_queue_is_bounded_however_many_clients_there_are()
    {
        var hashing = new PasswordHashing(hasher, clock, slots: 1);
        var accepted = Enumerable.Range(0, PasswordHashing.MaxWaiting + 1)
            .Select(i => HashAsync(hashing, $"10.0.{i / 256}.{i % 256}", $"{i}")).ToList();

        await Assert.ThrowsAsync<ServiceUnavailableException>(() => HashAsync(hashing, "192.0.2.1", "refused"));
        hasher.Release(accepted.Count);

        await Task.WhenAll(accepted);
    }

    [Fact]
    public async Task A_caller_that_waits_five_seconds_is_refused_and_leaves_the_hashing_queue()
    {
        var hashing = new PasswordHashing(hasher, clock, slots: 1);
        var first = HashAsync(hashing, "192.0.2.1", "first");
        var waiting = HashAsync(hashing, "192.0.2.2", "waiting");
        clock.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<ServiceUnavailableException>(() => waiting);
        Assert.Equal(0, hashing.Waiting);
        hasher.Release(2);
        await first;
        Assert.Equal("hash of next", await HashAsync(hashing, "192.0.2.2", "next"));
        Assert.Equal(["first", "next"], hasher.Begun);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_the_hashing_queue()
    {
        using var gone = new CancellationTokenSource();
        var hashing = new PasswordHashing(hasher, clock, slots: 1);
        var first = hashing.HashAsync("first", Cancel);
        var waiting = hashing.HashAsync("waiting", gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, hashing.Waiting);
        hasher.Release(1);
        await first;
        Assert.Equal(["first"], hasher.Begun);
    }

    [Fact]
    public async Task A_failing_hasher_gives_its_slot_back()
    {
        var hashing = new PasswordHashing(hasher, clock, slots: 1);
        var bad = hashing.HashAsync("bad", Cancel);
        var next = hashing.HashAsync("next", Cancel);
        hasher.Release(2);

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.Equal("hash of next", await next);
    }

    private static async Task<string> HashAsync(PasswordHashing hashing, string client, string password)
    {
        // It flows no further than this method.
        RequestContext.Current = new RequestContext(client, "", "");
        return await hashing.HashAsync(password, Cancel);
    }
}
