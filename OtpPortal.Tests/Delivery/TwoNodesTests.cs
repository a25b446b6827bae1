using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Delivery;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>Two nodes that deliver from one database.</summary>
public sealed class TwoNodesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_deliver_each_of_a_thousand_messages_once()
    {
        // Neither node finishes a message before the other has one too: otherwise the faster might do it all alone.
        var begun = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var transports = begun.Select(mine => new ScriptedTransport((_, _) =>
        {
            mine.TrySetResult();
            return Task.WhenAll(begun.Select(node => node.Task));
        })).ToArray();
        await using var one = transports[0].NewPortal();
        await one.StartAsync();
        await using var two = transports[1].NewPortal(one.DatabasePath);
        await two.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => one.TrySendAsync($"person{i}@example.com")));

        await Task.WhenAll(DeliverAsync(one), DeliverAsync(two));

        var accepted = transports.SelectMany(transport => transport.Accepted).ToList();
        Assert.Equal(1000, accepted.Count);
        Assert.Equal(1000, accepted.Select(mail => mail.To).Distinct(StringComparer.Ordinal).Count());
        Assert.All(transports, transport => Assert.NotEmpty(transport.Accepted));
    }

    private static Task DeliverAsync(PortalHost portal) =>
        Task.Run(() => portal.Services.GetRequiredService<DeliveryPass>().RunAsync(Cancel), Cancel);
}
