using System.Net;
using System.Net.Sockets;
using OtpPortal.Commands;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>What <c>send-test-mail</c> says, and how it ends.</summary>
public sealed class TestMailTests : IDisposable
{
    private const string To = "you@example.com";

    private readonly TcpListener server = new(IPAddress.Loopback, 0);

    public TestMailTests() => server.Start();

    private int Port => ((IPEndPoint)server.LocalEndpoint).Port;

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task An_accepted_test_mail_is_a_success_with_all_its_steps()
    {
        var transport = new ScriptedTransport((_, _) => Task.CompletedTask);

        var (code, said) = await RunAsync(To, new() { Smtp = Server(), From = "Portal <no-reply@example.com>" }, transport);

        Assert.Equal(0, code);
        Assert.Contains("Email:Smtp:Host      127.0.0.1", said, StringComparison.Ordinal);
        Assert.Contains("Auto: STARTTLS, required because there is a user name", said, StringComparison.Ordinal);
        Assert.Contains("Portal <no-reply@example.com>", said, StringComparison.Ordinal);
        Assert.Contains($"3. Connecting to 127.0.0.1:{Port} …\n   The server accepts connections.", said, StringComparison.Ordinal);
        Assert.Contains("The server accepted it.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", said, StringComparison.Ordinal);
        var mail = Assert.Single(transport.Accepted);
        Assert.Equal((To, "A test of OtpPortal", null), (mail.To, mail.Subject, mail.Code));
    }

    [Fact]
    public async Task A_refused_test_mail_is_a_failure_with_its_reason_and_what_to_check()
    {
        var (code, said) = await RunAsync(
            To, new() { Smtp = Server() }, new ScriptedTransport((_, _) => throw new DeliveryException("Authentication failed.")));

        Assert.Equal(1, code);
        Assert.Contains("   Authentication failed.\n", said, StringComparison.Ordinal);
        Assert.Contains("check Email:Smtp:Security, Email:Smtp:UserName, Email:Smtp:Password", said, StringComparison.Ordinal);
        Assert.EndsWith("The test failed.\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_port_is_named_before_a_test_mail_is_tried()
    {
        var smtp = Server();
        server.Stop();

        var (code, said) = await RunAsync(To, new() { Smtp = smtp }, new ScriptedTransport((_, _) => Task.CompletedTask));

        Assert.Equal(1, code);
        Assert.Contains("Check Email:Smtp:Host and Email:Smtp:Port", said, StringComparison.Ordinal);
        Assert.DoesNotContain("4. ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_host_of_a_test_mail_is_named()
    {
        var (code, said) = await RunAsync(
            To, new() { Smtp = new() { Host = "mail.invalid" } }, new ScriptedTransport((_, _) => Task.CompletedTask));

        Assert.Equal(1, code);
        Assert.Contains("2. Looking up mail.invalid", said, StringComparison.Ordinal);
        Assert.DoesNotContain("3. ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_mail_without_a_configured_server_says_so()
    {
        var (code, said) = await RunAsync(To, new(), new ScriptedTransport((_, _) => Task.CompletedTask));

        Assert.Equal(1, code);
        Assert.StartsWith("Email:Smtp:Host is not set: there is no mail server to test.", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("you")]
    [InlineData("You <you@example.com>")]
    [InlineData("you@example.com\r\nBcc: all@example.com")]
    [InlineData("--Email:Smtp:Host=mail.example.com")]
    public async Task A_test_mail_to_an_invalid_address_is_refused_and_nothing_is_tried(string to)
    {
        var (code, said) = await RunAsync(to, new() { Smtp = Server() }, new ScriptedTransport((_, _) => Task.CompletedTask));

        Assert.Equal(1, code);
        Assert.StartsWith($"\"{to}\" is not an email address. Run: send-test-mail you@example.com", said, StringComparison.Ordinal);
    }

    private SmtpOptions Server() => new() { Host = "127.0.0.1", Port = Port, UserName = "ann", Password = "hunter2" };

    private static async Task<(int Code, string Said)> RunAsync(string to, EmailOptions options, ScriptedTransport transport)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        var code = await new SendTestMailCommand(options, transport, output).RunAsync(to);
        return (code, output.ToString());
    }
}
