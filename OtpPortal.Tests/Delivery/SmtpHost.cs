using Microsoft.Extensions.Options;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>A mail server, the transport that is configured for it, and a clock.</summary>
internal sealed class SmtpHost : IAsyncDisposable
{
    private readonly Lazy<SmtpTransport> transport;

    public SmtpHost() =>
        transport = new(() => new SmtpTransport(Options.Create(Email), Clock) { CheckCertificate = TestCertificates.Check });

    public SmtpServer Server { get; } = new();

    public TestClock Clock { get; } = new();

    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    public string Host { get; init; } = "localhost";

    public string From { get; init; } = "Portal <no-reply@example.com>";

    /// <summary>The name and password that the transport is told; the server's own are <see cref="SmtpServer.Account"/>.</summary>
    public (string Name, string Password)? Login { get; init; }

    private EmailOptions Email => new()
    {
        From = From,
        Smtp = new SmtpOptions { Host = Host, Port = Server.Port, Security = Security, UserName = Login?.Name, Password = Login?.Password },
    };

    public static OutgoingMail Mail(string to = "ann@example.com", string id = "otp-7", string subject = "123456 is your code") =>
        new(id, to, subject, "Your code: 123456\n", "<!doctype html>\n<p>Your code: <b>123456</b></p>\n")
        {
            Purpose = "login",
            Code = "123456",
        };

    public Task SendAsync(OutgoingMail? mail = null) => transport.Value.SendAsync(mail ?? Mail(), TestContext.Current.CancellationToken);

    public Task SendAsync(CancellationToken cancellationToken) => transport.Value.SendAsync(Mail(), cancellationToken);

    /// <summary>Sends what must fail. Whatever it is, the words hold nothing of the mail, and no line's end.</summary>
    public async Task<DeliveryException> FailAsync(OutgoingMail? mail = null)
    {
        mail ??= Mail();
        var failure = await Assert.ThrowsAsync<DeliveryException>(() => SendAsync(mail));
        Assert.DoesNotContain(mail.To, failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("123456", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        return failure;
    }

    /// <summary>What the portal's shutdown does.</summary>
    public async Task StopAsync()
    {
        if (transport.IsValueCreated)
        {
            await transport.Value.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Server.DisposeAsync();
    }
}
