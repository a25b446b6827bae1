using OtpPortal.Data;
using OtpPortal.Hosting;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Data;

/// <summary>How long a stage of a request may take.</summary>
public sealed class RequestContextTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    private readonly TestClock clock = new();
    private readonly PortalHost portal = new();

    public void Dispose()
    {
        RequestContext.Current = RequestContext.Portal;
        portal.Dispose();
    }

    [Theory]
    [InlineData(9, 4)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    public void A_stage_of_a_request_has_the_shorter_of_its_own_time_and_the_time_left(int left, int expected)
    {
        var context = RequestContext.Portal with { Deadline = clock.GetUtcNow().AddSeconds(left) };

        Assert.Equal(TimeSpan.FromSeconds(expected), context.Within(Longest, clock));
    }

    [Fact]
    public void A_stage_of_a_request_without_a_deadline_has_its_own_time() =>
        Assert.Equal(Longest, (RequestContext.Portal with { Deadline = null }).Within(Longest, clock));

    [Fact]
    public async Task A_unit_of_work_is_withdrawn_when_the_time_of_its_request_is_over()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var (begun, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = portal.Lane.RunAsync(
            async _ =>
            {
                begun.SetResult();
                await held.Task;
            },
            cancellationToken);
        await begun.Task;

        RequestContext.Current = RequestContext.Portal with { Deadline = portal.Clock!.GetUtcNow().AddSeconds(1) };
        var late = portal.Lane.RunAsync(_ => Task.CompletedTask, cancellationToken);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<ServiceUnavailableException>(() => late);
        held.SetResult();
        await first;
    }
}
