using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OtpPortal.Data;

namespace OtpPortal.Delivery.Email;

/// <summary>Tries the configured mail server and says what happened, step by step, for who sets up a portal.</summary>
internal sealed class TestMail(EmailOptions options, IMailTransport transport, TextWriter output)
{
    /// <summary>The word on the command line that sends one; the address stands behind it.</summary>
    public const string Command = "send-test-mail";

    /// <summary>How long one step may take, as in delivery.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(30);

    /// <summary>Runs the command, with the services of a portal that need not be started.</summary>
    /// <param name="services">What the portal is made of.</param>
    /// <param name="arguments">What stands behind the command: the address, and perhaps keys of the configuration.</param>
    /// <param name="output">Where it says what happens.</param>
    /// <returns>The exit code: 0 if the server accepted the mail, 1 otherwise.</returns>
    /// <exception cref="StartException">The configuration is wrong.</exception>
    public static Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> arguments, TextWriter output)
    {
        services.CheckConfiguration();
        var options = services.GetRequiredService<IOptions<EmailOptions>>().Value;
        return new TestMail(options, services.GetRequiredService<SmtpTransport>(), output).RunAsync(arguments.Count > 0 ? arguments[0] : "");
    }

    /// <summary>Sends a mail to <paramref name="to"/>.</summary>
    public async Task<int> RunAsync(string to)
    {
        if (!MailAddress.TryCreate(to, out var address) || address.Address != to || to.Any(char.IsControl))
        {
            return Fail($"\"{to}\" is no mail address. Write: {Command} you@example.com");
        }

        var smtp = options.Smtp;
        if (string.IsNullOrWhiteSpace(smtp.Host))
        {
            return Fail("Email:Smtp:Host is not set: there is no mail server to try. In Development the portal keeps its mail in /dev/inbox.");
        }

        output.WriteLine("1. The configuration is read.");
        Say("Email:Smtp:Host", smtp.Host);
        Say("Email:Smtp:Port", smtp.Port.ToString(CultureInfo.InvariantCulture));
        Say("Email:Smtp:Security", $"{smtp.Security}: {Meaning(smtp)}");
        Say("Email:Smtp:UserName", smtp.UserName ?? "none: the portal does not sign in");
        Say("Email:Smtp:Password", smtp.Password is null ? "none" : "set");
        Say("Email:From", SmtpWords.Sender(options));
        return await FindAsync(smtp) && await ConnectAsync(smtp) && await SendAsync(to) ? 0 : 1;
    }

    private Task<bool> FindAsync(SmtpOptions smtp) => StepAsync(
        $"2. Looking up {smtp.Host}",
        async cancel =>
        {
            var found = await Dns.GetHostAddressesAsync(smtp.Host!, cancel);
            return $"It is {string.Join(", ", found.Select(address => address.ToString()))}.";
        },
        "Check Email:Smtp:Host, and that this machine can look up names.");

    private Task<bool> ConnectAsync(SmtpOptions smtp) => StepAsync(
        string.Create(CultureInfo.InvariantCulture, $"3. Connecting to {smtp.Host}:{smtp.Port}"),
        async cancel =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(smtp.Host!, smtp.Port, cancel);
            return "Something accepts connections there.";
        },
        "Check Email:Smtp:Host and Email:Smtp:Port, and that no firewall is in the way: many networks close port 25.");

    private Task<bool> SendAsync(string to) => StepAsync(
        $"4. Handing over a mail to {to}",
        async cancel =>
        {
            await transport.SendAsync(Mail(to), cancel);
            return $"The server accepted it. Look into the mailbox of {to}, its spam folder too. If nothing comes, the server's own log says why.";
        },
        "The server is there but did not take the mail: check Email:Smtp:Security, Email:Smtp:UserName, Email:Smtp:Password and Email:From.");

    private async Task<bool> StepAsync(string what, Func<CancellationToken, Task<string>> step, string check)
    {
        output.WriteLine($"{what} …");
        using var timeout = new CancellationTokenSource(LongestStep);
        try
        {
            output.WriteLine($"   {await step(timeout.Token)}");
            return true;
        }
        catch (Exception failure)
        {
            // Whatever it is: who runs this wants to know.
            var why = failure is OperationCanceledException
                ? string.Create(CultureInfo.InvariantCulture, $"There was no answer within {LongestStep.TotalSeconds} s.")
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

    private void Say(string key, string value) => output.WriteLine($"   {key,-20} {value}");

    private static string Meaning(SmtpOptions smtp) => smtp.Security switch
    {
        SmtpSecurity.None => "the connection is not secured",
        SmtpSecurity.StartTls => "STARTTLS, required",
        SmtpSecurity.Tls => "TLS from the start",
        _ when smtp.Port == 465 => "TLS from the start, as usual on port 465",
        _ when smtp.UserName is not null => "STARTTLS, required because there is a user name",
        _ => "STARTTLS where the server offers it",
    };

    private static MailToSend Mail(string to)
    {
        const string Subject = "A test of OtpPortal";
        const string Says = "The portal can send mail. Somebody asked it to send this one on its command line.";
        return new($"test-{Guid.CreateVersion7():n}", to, Subject, $"{Says}\n", $"<!doctype html>\n<html lang=\"en\"><head><title>{Subject}</title></head><body><p>{Says}</p></body></html>\n");
    }
}
