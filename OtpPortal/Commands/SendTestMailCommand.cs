using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OtpPortal.Delivery.Email;
using OtpPortal.Hosting;

namespace OtpPortal.Commands;

/// <summary>Tries the configured mail server and reports each step, for administrators who set up a portal.</summary>
internal sealed class SendTestMailCommand(EmailOptions options, IMailTransport transport, TextWriter output)
{
    /// <summary>The first argument on the command line. The address follows it.</summary>
    public const string Command = "send-test-mail";

    /// <summary>The time limit of a step, as in delivery.</summary>
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs the command. The portal need not be started.</summary>
    /// <param name="arguments">The address, and keys of the configuration.</param>
    /// <returns>The exit code: 0 if the server accepted the mail, 1 otherwise.</returns>
    /// <exception cref="StartupException">The configuration is wrong.</exception>
    public static Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> arguments, TextWriter output)
    {
        services.CheckConfiguration();
        var options = services.GetRequiredService<IOptions<EmailOptions>>().Value;
        return new SendTestMailCommand(options, services.GetRequiredService<SmtpTransport>(),
            output).RunAsync(arguments.Count > 0 ? arguments[0] : "");
    }

    public async Task<int> RunAsync(string to)
    {
        if (!MailAddress.TryCreate(to, out var address) || address.Address != to || to.Any(char.IsControl))
        {
            return Fail($"\"{to}\" is not an email address. Run: {Command} you@example.com");
        }

        var smtp = options.Smtp;
        if (string.IsNullOrWhiteSpace(smtp.Host))
        {
            return Fail(
                "Email:Smtp:Host is not set: there is no mail server to test. In Development the portal keeps its mail in /dev/inbox.");
        }

        output.WriteLine("1. The configuration is read.");
        Print("Email:Smtp:Host", smtp.Host);
        Print("Email:Smtp:Port", smtp.Port.ToString(CultureInfo.InvariantCulture));
        Print("Email:Smtp:Security", $"{smtp.Security}: {Explain(smtp)}");
        Print("Email:Smtp:UserName", smtp.UserName ?? "none: the portal does not authenticate");
        Print("Email:Smtp:Password", smtp.Password is null ? "none" : "set");
        Print("Email:From", SmtpErrors.Sender(options));
        return await FindAsync(smtp) && await ConnectAsync(smtp) && await SendAsync(to) ? 0 : 1;
    }

    private Task<bool> FindAsync(SmtpOptions smtp) => StepAsync(
        $"2. Looking up {smtp.Host}",
        async cancellationToken =>
        {
            var found = await Dns.GetHostAddressesAsync(smtp.Host!, cancellationToken);
            return $"The address is {string.Join(", ", found.Select(address => address.ToString()))}.";
        },
        "Check Email:Smtp:Host, and that this machine can resolve host names.");

    private Task<bool> ConnectAsync(SmtpOptions smtp) => StepAsync(
        string.Create(CultureInfo.InvariantCulture, $"3. Connecting to {smtp.Host}:{smtp.Port}"),
        async cancellationToken =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(smtp.Host!, smtp.Port, cancellationToken);
            return "The server accepts connections.";
        },
        "Check Email:Smtp:Host and Email:Smtp:Port, and that no firewall blocks the connection: many networks block port 25.");

    private Task<bool> SendAsync(string to) => StepAsync(
        $"4. Sending a mail to {to}",
        async cancellationToken =>
        {
            await transport.SendAsync(NewMail(to), cancellationToken);
            return $"The server accepted it. Check the mailbox of {to} and its spam folder. If nothing arrives, check the log of the "
                + "mail server.";
        },
        "The server answered but did not accept the mail: check Email:Smtp:Security, Email:Smtp:UserName, Email:Smtp:Password and "
            + "Email:From.");

    private async Task<bool> StepAsync(string what, Func<CancellationToken, Task<string>> step, string check)
    {
        output.WriteLine($"{what} …");
        using var timeout = new CancellationTokenSource(StepTimeout);
        try
        {
            output.WriteLine($"   {await step(timeout.Token)}");
            return true;
        }
        catch (Exception failure)
        {
            // Every failure is reported, because finding it is the purpose of this command.
            var why = failure is OperationCanceledException
                ? string.Create(CultureInfo.InvariantCulture, $"There was no answer within {StepTimeout.TotalSeconds} s.")
                : failure.Message;
            output.WriteLine($"   {why}");
            return Fail($"   {check}") == 0;
        }
    }

    private int Fail(string why)
    {
        output.WriteLine(why);
        output.WriteLine("The test failed.");
        return 1;
    }

    private void Print(string key, string value) => output.WriteLine($"   {key,-20} {value}");

    private static string Explain(SmtpOptions smtp) => smtp.Security switch
    {
        SmtpSecurity.None => "the connection is not secured",
        SmtpSecurity.StartTls => "STARTTLS, required",
        SmtpSecurity.Tls => "TLS from the start",
        _ when smtp.Port == 465 => "TLS from the start, as usual on port 465",
        _ when smtp.UserName is not null => "STARTTLS, required because there is a user name",
        _ => "STARTTLS where the server offers it",
    };

    private static OutgoingMail NewMail(string to)
    {
        const string Subject = "A test of OtpPortal";
        const string Says = "The portal can send mail. This test was requested on its command line.";
        return new($"test-{RandomNumberGenerator.GetHexString(32, lowercase: true)}", to, Subject, $"{Says}\n",
            $"<!doctype html>\n<html lang=\"en\"><head><title>{Subject}</title></head><body><p>{Says}</p></body></html>\n");
    }
}
