using System.Threading.Channels;

namespace OtpPortal.Delivery;

/// <summary>Probes channels on request: when a message is accepted, whoever it is for, and while a page shows the state.</summary>
public sealed class ChannelProbeWorker(ChannelHealth health, ILogger<ChannelProbeWorker> log) : BackgroundService
{
    private readonly Channel<string> requests =
        Channel.CreateBounded<string>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Requests a probe if the last result is no longer valid.</summary>
    public void Request(string channel)
    {
        if (health.IsDue(channel))
        {
            requests.Writer.TryWrite(channel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var channel in requests.Reader.ReadAllAsync(stoppingToken))
        {
            if (!health.IsDue(channel))
            {
                continue;
            }

            var before = health.StateOf(channel);
            var state = await health.ProbeAsync(channel, stoppingToken);
            if (state != before)
            {
                log.LogInformation("The channel {Channel} is {State}", channel, state);
            }
        }
    }
}
