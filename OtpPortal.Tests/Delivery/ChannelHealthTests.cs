using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OtpPortal.Components.Controls;
using OtpPortal.Delivery;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>The state of a channel as a whole, which is all that a page says about delivery.</summary>
public sealed class ChannelHealthTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private readonly TestClock clock = new();
    private readonly ScriptedProbe mails = new();
    private readonly ScriptedProbe texts = new();
    private readonly ChannelHealth health;

    public ChannelHealthTests() => health = new ChannelHealth(mails, texts, clock);

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_channel_is_up_slow_or_away_by_the_time_of_its_answer()
    {
        Assert.Equal(ChannelState.Unknown, health.StateOf(Channels.Email));
        Assert.Equal(ChannelState.Up, await ProbeAsync(ChannelHealth.SlowAfter - Millisecond));
        Assert.Equal(ChannelState.Slow, await ProbeAsync(ChannelHealth.SlowAfter));
        Assert.Equal(ChannelState.Slow, await ProbeAsync(ChannelHealth.AwayAfter - Millisecond));

        mails.Script = _ => throw new IOException("Nobody there.");
        Assert.Equal(ChannelState.Away, await health.ProbeAsync(Channels.Email, Cancel));
        Assert.Equal(ChannelState.Away, health.StateOf(Channels.Email));
        Assert.Equal(ChannelState.Up, await ProbeAsync(TimeSpan.Zero));
    }

    [Fact]
    public async Task A_probe_of_a_channel_is_given_up_after_ten_seconds()
    {
        mails.Script = cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        var probe = health.ProbeAsync(Channels.Email, Cancel);

        clock.Advance(ChannelHealth.AwayAfter);

        Assert.Equal(ChannelState.Away, await probe);
    }

    [Fact]
    public async Task A_stopping_portal_records_no_state_of_a_channel()
    {
        using var stop = new CancellationTokenSource();
        mails.Script = cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        var probe = health.ProbeAsync(Channels.Email, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        Assert.Equal(ChannelState.Unknown, health.StateOf(Channels.Email));
    }

    [Fact]
    public async Task The_state_of_a_channel_is_kept_for_ten_seconds()
    {
        Assert.True(health.IsDue(Channels.Email));
        await ProbeAsync(TimeSpan.Zero);
        clock.Advance(ChannelHealth.ValidFor - Millisecond);
        Assert.False(health.IsDue(Channels.Email));
        clock.Advance(Millisecond);
        Assert.True(health.IsDue(Channels.Email));
    }

    [Fact]
    public async Task Mail_and_text_channels_have_states_of_their_own()
    {
        texts.Script = _ => throw new IOException("Nobody there.");

        Assert.Equal(ChannelState.Up, await health.ProbeAsync(Channels.Email, Cancel));
        Assert.Equal(ChannelState.Away, await health.ProbeAsync(Channels.Sms, Cancel));

        Assert.Equal((ChannelState.Up, ChannelState.Away, ChannelState.Unknown),
            (health.StateOf(Channels.Email), health.StateOf(Channels.Sms), health.StateOf(Channels.WhatsApp)));
        Assert.Equal((1, 1), (mails.Probes, texts.Probes));
    }

    [Fact]
    public async Task A_channel_is_probed_once_in_ten_seconds_however_many_ask()
    {
        using var worker = new ChannelProbeWorker(health, NullLogger<ChannelProbeWorker>.Instance);
        for (var i = 0; i < 200; i++)
        {
            worker.Request(Channels.Email);
        }

        await worker.StartAsync(Cancel);
        worker.Request(Channels.Sms);
        var given = TimeProvider.System.GetTimestamp();
        while (texts.Probes == 0 || health.StateOf(Channels.Sms) == ChannelState.Unknown)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(given) < TimeSpan.FromSeconds(30), "Nobody looked after the texts.");
            worker.Request(Channels.Sms);
            await Task.Delay(5, Cancel);
        }

        await worker.StopAsync(Cancel);
        Assert.Equal((1, 1), (mails.Probes, texts.Probes));
    }

    [Theory]
    [InlineData(Channels.Email, 0, "Mail is being delivered normally.")]
    [InlineData(Channels.Email, 3, "Mail is slow at the moment. It can take a few minutes.")]
    [InlineData(Channels.Email, -1,
        "The mail server cannot be reached at the moment. Your code will be sent as soon as it is back, if it is still valid then.")]
    [InlineData(Channels.Sms, -1, "The SMS service cannot be reached at the moment.")]
    [InlineData(Channels.WhatsApp, 0, "WhatsApp is being delivered normally.")]
    public async Task The_delivery_line_says_the_state_of_the_channel(string channel, int seconds, string line)
    {
        foreach (var probe in new[] { mails, texts })
        {
            probe.Script = _ =>
            {
                clock.Advance(TimeSpan.FromSeconds(Math.Max(0, seconds)));
                return seconds < 0 ? throw new IOException("Nobody there.") : Task.CompletedTask;
            };
        }

        await health.ProbeAsync(channel, Cancel);
        await AssertLineAsync(channel, line);
    }

    [Fact]
    public Task The_delivery_line_says_that_the_code_is_on_its_way_while_the_state_of_the_channel_is_unknown() =>
        AssertLineAsync(Channels.Email, "The code is on its way.");

    private async Task AssertLineAsync(string channel, string line)
    {
        using var worker = new ChannelProbeWorker(health, NullLogger<ChannelProbeWorker>.Instance);
        await using var page = new BunitContext();
        page.Services.AddSingleton(health).AddSingleton(worker).AddSingleton<TimeProvider>(clock)
            .AddSingleton<ILogger<DeliveryLine>>(NullLogger<DeliveryLine>.Instance);
        page.SetRendererInfo(new RendererInfo("Static", isInteractive: false));

        var shown = page.Render<DeliveryLine>(parameters => parameters.Add(control => control.Channel, channel));

        Assert.StartsWith(line, shown.Find("p").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_server_is_up_if_it_greets_and_away_if_nobody_listens()
    {
        await using var server = new SmtpServer { Certificate = null };
        Assert.Equal(ChannelState.Up, await OfAsync(server.Port));

        // Nothing listens on port 1.
        Assert.Equal(ChannelState.Away, await OfAsync(1));
        Assert.Empty(server.Accepted);

        static async Task<ChannelState> OfAsync(int port)
        {
            await using var portal = new PortalHost { Clock = null }
                .With("Email:Smtp:Host", "127.0.0.1").With("Email:Smtp:Port", port.ToString(CultureInfo.InvariantCulture))
                    .With("Email:Smtp:Security", "None");
            return await portal.Services.GetRequiredService<ChannelHealth>().ProbeAsync(Channels.Email, Cancel);
        }
    }

    [Theory]
    [InlineData(200, ChannelState.Up)]
    [InlineData(404, ChannelState.Up)]
    [InlineData(503, ChannelState.Away)]
    public async Task Twilio_is_up_unless_it_answers_with_a_server_error(int status, ChannelState expected)
    {
        await using var twilio = await FakeTwilio.StartAsync();
        twilio.Answer = http => FakeTwilio.Write(http, status, "{}");
        await using var portal = new PortalHost { Clock = null };
        foreach (var (key, value) in twilio.Settings)
        {
            portal.With(key, value!);
        }

        Assert.Equal(expected, await portal.Services.GetRequiredService<ChannelHealth>().ProbeAsync(Channels.Sms, Cancel));
        Assert.Equal("", Assert.Single(twilio.Requests).Authorization);
    }

    private Task<ChannelState> ProbeAsync(TimeSpan takes)
    {
        mails.Script = _ =>
        {
            clock.Advance(takes);
            return Task.CompletedTask;
        };
        return health.ProbeAsync(Channels.Email, Cancel);
    }
}
