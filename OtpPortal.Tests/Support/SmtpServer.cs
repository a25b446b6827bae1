using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace OtpPortal.Tests.Support;

/// <summary>
/// A mail server of the tests' own (RFC 5321 with STARTTLS, AUTH PLAIN and LOGIN, SMTPUTF8) on the loopback: it takes every mail
/// and remembers it, except where <see cref="Script"/> says otherwise.
/// </summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    /// <summary>An answer of the script: close the connection without a word.</summary>
    public const string Drop = "drop";

    /// <summary>An answer of the script: say nothing, and keep the connection open.</summary>
    public const string Silence = "silence";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<ReceivedMail> accepted = new();
    private readonly ConcurrentQueue<string> verbs = new();
    private readonly ConcurrentDictionary<int, Task> conversations = new();
    private readonly ConcurrentDictionary<int, TcpClient> open = new();
    private readonly Task listening;
    private int connections;

    public SmtpServer()
    {
        listener.Start();
        listening = ListenAsync();
    }

    /// <summary>
    /// What it answers to a verb (CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, CONTENT after the first line of the mail,
    /// END after its last, RSET, NOOP, QUIT) and its argument; null is the usual answer.
    /// </summary>
    public Func<string, string, string?> Script { get; set; } = (_, _) => null;

    /// <summary>What it waits for before it accepts a mail.</summary>
    public Func<Task> Accepting { get; set; } = () => Task.CompletedTask;

    /// <summary>Whether it closes the connection once it has said 250 to a mail.</summary>
    public bool HangsUpAfterAccepting { get; set; }

    /// <summary>What it shows at STARTTLS, or at once; null is a server without TLS.</summary>
    public X509Certificate2? Certificate { get; set; } = TestCertificates.Localhost;

    /// <summary>Whether it speaks TLS from the start (RFC 8314).</summary>
    public bool Implicit { get; set; }

    /// <summary>The account that must sign in before it may send; null for an open server.</summary>
    public (string Name, string Password)? Account { get; set; }

    /// <summary>Whether it takes addresses outside ASCII (RFC 6531).</summary>
    public bool Utf8 { get; set; } = true;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The mails that it answered with 250, oldest first.</summary>
    public IReadOnlyList<ReceivedMail> Accepted => [.. accepted];

    /// <summary>The verbs that it was asked, those that <see cref="Script"/> gets, oldest first.</summary>
    public IReadOnlyList<string> Verbs => [.. verbs];

    /// <summary>How often somebody connected.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>The connections that are open now.</summary>
    public int Open => open.Count;

    /// <summary>A script that gives these answers to a verb, each once, and the usual ones from then on.</summary>
    public static Func<string, string, string?> Answers(string verb, params IEnumerable<string> answers)
    {
        var left = new ConcurrentQueue<string>(answers);
        return (asked, _) => asked == verb && left.TryDequeue(out var answer) ? answer : null;
    }

    /// <summary>A script that gives the usual answers, and acts where it is asked a verb.</summary>
    public static Func<string, string, string?> On(string verb, Action act) => On(verb, () =>
    {
        act();
        return null;
    });

    /// <summary>A script that decides its answer to a verb when it is asked, and gives the usual ones to others.</summary>
    public static Func<string, string, string?> On(string verb, Func<string?> answer) => (asked, _) => asked == verb ? answer() : null;

    /// <summary>A script that refuses recipients in whose address a text stands.</summary>
    public static Func<string, string, string?> Refuses(string recipient, string answer) => (asked, argument) =>
        asked == "RCPT" && argument.Contains(recipient, StringComparison.OrdinalIgnoreCase) ? answer : null;

    /// <summary>What the script answers to a verb.</summary>
    internal string? Ask(string verb, string argument)
    {
        verbs.Enqueue(verb);
        return Script(verb, argument);
    }

    /// <summary>Takes a mail, once <see cref="Accepting"/> is done.</summary>
    internal async Task AcceptAsync(ReceivedMail mail)
    {
        await Accepting().WaitAsync(stopping.Token);
        accepted.Enqueue(mail);
    }

    /// <summary>Closes what is open, as a server does that is restarted, and returns once it is closed.</summary>
    public async Task HangUpAsync()
    {
        foreach (var client in open.Values)
        {
            client.Client.Shutdown(SocketShutdown.Both);
        }

        await Task.WhenAll(conversations.Values);
    }

    /// <summary>Returns once every client has closed its connection.</summary>
    public Task AllClosedAsync() => Task.WhenAll(conversations.Values);

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        await stopping.CancelAsync();
        await listening;
        listener.Stop();
        await Task.WhenAll(conversations.Values);
        stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                var number = Interlocked.Increment(ref connections);
                open[number] = client;
                conversations[number] = ServeAsync(number, client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(int number, TcpClient client)
    {
        try
        {
            await using var connection = new SmtpConnection(client.GetStream(), stopping.Token);
            await new SmtpConversation(this, connection).RunAsync();
        }
        catch (Exception end)
            when (end is IOException or OperationCanceledException or ObjectDisposedException
                or System.Security.Authentication.AuthenticationException)
        {
            // The client has gone, or has refused the certificate.
        }
        finally
        {
            open.TryRemove(number, out _);
            client.Dispose();
        }
    }
}
