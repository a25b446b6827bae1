using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>
/// Each way in which a mail server can answer, from the code that is sent to what is written down of it: on a real SMTP conversation.
/// </summary>
public sealed class ConversationTests : IAsyncDisposable
{
    private const string Email = "ann@example.com";

    private readonly SmtpServer server = new() { Account = ("portal", "the password") };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_mail_that_the_server_accepts_is_handed_over()
    {
        await using var portal = NewPortal();
        await DeliverAsync(portal);
        await ExpectAsync(portal, 1, MessageState.HandedOver, null);
    }

    [Theory]
    [InlineData("421 4.3.2 come back later")]
    [InlineData("451 4.7.1 greylisted")]
    public async Task A_mail_that_the_server_refuses_for_now_waits_and_is_handed_over_later(string answer)
    {
        server.Script = SmtpServer.Answers("RCPT", answer);
        await using var portal = NewPortal();

        await DeliverAsync(portal);
        await ExpectAsync(portal, 0, MessageState.Waiting, answer[..3]);
        await AgainAsync(portal);
        await ExpectAsync(portal, 1, MessageState.HandedOver, null);
    }

    [Fact]
    public async Task A_mail_whose_recipient_is_refused_for_good_ends_as_refused()
    {
        server.Script = SmtpServer.Answers("RCPT", "550 5.1.1 no such user");
        await using var portal = NewPortal();

        await DeliverAsync(portal);

        await ExpectAsync(portal, 0, MessageState.Refused, "recipient refused");
        Assert.Null(await PassAsync(portal));
    }

    [Fact]
    public async Task A_mail_that_is_dropped_in_the_middle_waits_and_is_handed_over_later()
    {
        server.Script = SmtpServer.Answers("CONTENT", SmtpServer.Drop);
        await using var portal = NewPortal();

        await DeliverAsync(portal);
        await ExpectAsync(portal, 0, MessageState.Waiting, "before the message was accepted");
        await AgainAsync(portal);
        await ExpectAsync(portal, 1, MessageState.HandedOver, null);
    }

    [Fact]
    public async Task A_mail_to_a_server_that_stays_silent_waits_for_the_next_attempt()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Script = SmtpServer.On("MAIL", () =>
        {
            asked.TrySetResult();
            return SmtpServer.Silence;
        });
        await using var portal = NewPortal();
        await portal.TrySendAsync(Email);

        var pass = PassAsync(portal);
        await asked.Task.WaitAsync(Cancel);
        portal.Wait(Courier.AttemptTimeout);
        await pass;

        await ExpectAsync(portal, 0, MessageState.Waiting, "No answer within 20 s.");
    }

    [Fact]
    public async Task A_mail_to_a_server_with_a_certificate_for_another_name_waits_for_the_next_attempt()
    {
        // The certificate is for localhost; this is the same machine by another name.
        await using var portal = NewPortal(host: "127.0.0.1");
        await DeliverAsync(portal);
        await ExpectAsync(portal, 0, MessageState.Waiting, "no secure connection");
    }

    [Fact]
    public async Task A_mail_with_wrong_SMTP_credentials_ends_as_refused()
    {
        await using var portal = NewPortal(password: "another password");
        await DeliverAsync(portal);
        await ExpectAsync(portal, 0, MessageState.Refused, "authentication failed, check Email:Smtp:UserName and Email:Smtp:Password");
    }

    [Fact]
    public async Task A_mail_without_a_server_waits_until_its_code_expires()
    {
        // Nothing listens on port 1.
        await using var portal = NewPortal(port: 1);

        await DeliverAsync(portal);
        await ExpectAsync(portal, 0, MessageState.Waiting, "Cannot connect to localhost");
        portal.Wait(TimeSpan.FromMinutes(5));
        await PassAsync(portal);
        await ExpectAsync(portal, 0, MessageState.Expired, "Cannot connect to localhost");
    }

    private static async Task DeliverAsync(PortalHost portal)
    {
        Assert.IsType<SendOutcome.Sent>(await portal.TrySendAsync(Email));
        await PassAsync(portal);
    }

    private static async Task AgainAsync(PortalHost portal)
    {
        portal.Wait(TimeSpan.FromSeconds(2));
        Assert.Null(await PassAsync(portal));
    }

    private static Task<DateTimeOffset?> PassAsync(PortalHost portal) =>
        portal.Services.GetRequiredService<DeliveryPass>().RunAsync(Cancel);

    private async Task ExpectAsync(PortalHost portal, int accepted, MessageState state, string? error)
    {
        Assert.Equal(accepted, server.Accepted.Count);
        var row = await portal.ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(Cancel));
        Assert.Equal((state, state == MessageState.Waiting), (row.State, row.ProtectedCode is not null));
        Assert.Contains(error ?? "", row.LastError ?? "", StringComparison.Ordinal);
        Assert.Equal(error is null, row.LastError is null);
    }

    private PortalHost NewPortal(string host = "localhost", string password = "the password", int? port = null) => new PortalHost
    {
        Configure = services => services.Replace(ServiceDescriptor.Singleton<IMailTransport>(provider =>
            new SmtpTransport(provider.GetRequiredService<IOptions<EmailOptions>>(), provider.GetRequiredService<TimeProvider>())
            {
                CheckCertificate = TestCertificates.Check,
            })),
    }
        .With("Email:Smtp:Host", host).With("Email:Smtp:Port", (port ?? server.Port).ToString(CultureInfo.InvariantCulture))
        .With("Email:Smtp:Security", "StartTls").With("Email:Smtp:UserName", "portal").With("Email:Smtp:Password", password);
}
