using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Web;

/// <summary>The health check: who may ask, and what it says of the delivery.</summary>
public sealed class HealthTests : HealthTest
{
    [Fact]
    public async Task The_health_check_answers_under_any_host_name_and_without_a_limit()
    {
        using var page = await client.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, page.StatusCode);
        for (var i = 0; i < 50; i++)
        {
            await IsAsync(HttpStatusCode.OK, Ready);
            await IsAsync(HttpStatusCode.OK, """{"status":"live"}""", "/health/live");
        }

        Assert.Empty(await portal.ReadAsync(db => db.Activity.ToListAsync(Cancel)));
        Assert.Empty(Reported());
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task The_health_check_takes_GET_and_HEAD_alone(string path)
    {
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancel);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        using var post = await client.PostAsync(new Uri(path, UriKind.Relative), content: null, Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal(["GET", "HEAD"], post.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_mail_server_that_does_not_answer_degrades_the_node_and_leaves_it_in_service()
    {
        probe.Script = _ => throw new IOException("Nobody there.");
        await ProbeAsync();
        await IsAsync(HttpStatusCode.OK, """{"status":"degraded","delivery":"degraded","database":"ready"}""");
        Assert.Equal(LogLevel.Warning, Assert.Single(Reported()).Level);

        probe.Script = _ => Task.CompletedTask;
        await ProbeAsync();
        await IsAsync(HttpStatusCode.OK, Ready);

        Task ProbeAsync() => portal.Services.GetRequiredService<ChannelHealth>().ProbeAsync(Channels.Email, Cancel);
    }

    [Theory]
    [InlineData(MessageKind.Code)]
    [InlineData(MessageKind.Decoy)]
    public async Task The_health_check_does_not_reveal_how_long_a_message_waits(MessageKind kind)
    {
        // It would tell a stranger whether the address that they have just typed has an account.
        await portal.Otp.SendAsync(
            new SendRequest(Identifier.FromStored("ann@example.com"), Purpose.ForgotPassword, OtpSteps.Browser) { Message = kind }, Cancel);
        portal.Wait(TimeSpan.FromMinutes(9));

        await IsAsync(HttpStatusCode.OK, Ready);
    }
}
