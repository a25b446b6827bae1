using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

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
            await using var conversation = new Conversation(this, client.GetStream());
            await conversation.RunAsync();
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

    private sealed class Conversation(SmtpServer server, Stream first) : IAsyncDisposable
    {
        private readonly byte[] buffer = new byte[8192];
        private readonly List<string> recipients = [];
        private Stream stream = first;
        private int from;
        private int to;
        private string? sender;
        private string? user;
        private bool ended;

        private CancellationToken Stopping => server.stopping.Token;

        private bool Secured => stream is SslStream;

        public async Task RunAsync()
        {
            if (server.Implicit)
            {
                await SecureAsync();
            }

            await AnswerAsync("CONNECT", "", () => Reply("220 localhost ESMTP"));
            while (!ended && await LineAsync() is { } line)
            {
                var (verb, argument) = line.IndexOf(' ', StringComparison.Ordinal) is var blank and > 0
                    ? (line[..blank], line[(blank + 1)..])
                    : (line, "");
                verb = verb.ToUpperInvariant();
                await AnswerAsync(verb, argument, () => HandleAsync(verb, argument));
            }
        }

        public ValueTask DisposeAsync() => stream.DisposeAsync();

        private Task HandleAsync(string verb, string argument) => verb switch
        {
            "EHLO" => Reply(Greeting()),
            "STARTTLS" when server.Certificate is not null && !Secured => StartTlsAsync(),
            "AUTH" when server.Account is not null => AuthAsync(argument),
            "MAIL" when server.Account is not null && user is null => Reply("530 5.7.0 Authentication required"),
            "MAIL" => BeginAsync(argument),
            "RCPT" when sender is not null => AddAsync(argument),
            "DATA" when recipients.Count > 0 => DataAsync(),
            "RSET" => BeginAsync(null),
            "NOOP" => Reply("250 2.0.0 OK"),
            "QUIT" => QuitAsync(),
            "RCPT" or "DATA" => Reply("503 5.5.1 Bad sequence of commands"),
            _ => Reply("502 5.5.1 Not implemented"),
        };

        // The script first; what it leaves open is answered as usual.
        private async Task AnswerAsync(string verb, string argument, Func<Task> usual)
        {
            switch (server.Script(verb, argument))
            {
                case null:
                    await usual();
                    break;
                case Drop:
                    ended = true;
                    break;
                case Silence:
                    // Until the client has had enough, whatever it still says.
                    while (await LineAsync() is not null)
                    {
                    }

                    ended = true;
                    break;
                case var reply:
                    // RFC 5321 §3.8: who says 421 closes.
                    ended = reply.StartsWith("421", StringComparison.Ordinal);
                    await Reply(reply);
                    break;
            }
        }

        private string Greeting()
        {
            List<string> offers = ["localhost", "8BITMIME", "ENHANCEDSTATUSCODES"];
            if (server.Utf8)
            {
                offers.Add("SMTPUTF8");
            }

            if (server.Certificate is not null && !Secured)
            {
                offers.Add("STARTTLS");
            }

            if (server.Account is not null)
            {
                offers.Add("AUTH PLAIN LOGIN");
            }

            return string.Join("\r\n", offers.Select((offer, i) => (i < offers.Count - 1 ? "250-" : "250 ") + offer));
        }

        private async Task StartTlsAsync()
        {
            await Reply("220 2.0.0 Go on");
            await SecureAsync();
        }

        private async Task SecureAsync()
        {
            var secured = new SslStream(stream);
            stream = secured;
            from = to = 0;
            await secured.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = server.Certificate }, Stopping);
        }

        private async Task AuthAsync(string argument)
        {
            var words = argument.Split(' ');
            var answer = words.Length > 1 ? Text(words[1]) : null;
            var (name, password) = ("", "");
            if (words[0].Equals("LOGIN", StringComparison.OrdinalIgnoreCase))
            {
                name = answer ?? await AskAsync("Username:");
                password = await AskAsync("Password:");
            }
            else
            {
                var parts = (answer ?? await AskAsync("")).Split('\0');
                (name, password) = (parts[1], parts[2]);
            }

            user = (name, password) == server.Account ? name : null;
            await Reply(user is null ? "535 5.7.8 Authentication credentials invalid" : "235 2.7.0 Accepted");
        }

        private async Task<string> AskAsync(string question)
        {
            await Reply("334 " + Convert.ToBase64String(Encoding.UTF8.GetBytes(question)));
            return Text(await LineAsync() ?? throw new IOException("The client has gone."));
        }

        private Task BeginAsync(string? argument)
        {
            sender = argument;
            recipients.Clear();
            return Reply("250 2.1.0 OK");
        }

        private Task AddAsync(string argument)
        {
            recipients.Add(argument);
            return Reply("250 2.1.5 OK");
        }

        private async Task DataAsync()
        {
            await Reply("354 Go on");
            var lines = new List<string>();
            while (await LineAsync() is { } line)
            {
                if (line == ".")
                {
                    await AnswerAsync("END", "", () => AcceptAsync(string.Join("\r\n", lines)));
                    return;
                }

                // RFC 5321 §4.5.2.
                lines.Add(line.StartsWith('.') ? line[1..] : line);
                if (lines.Count == 1)
                {
                    await AnswerAsync("CONTENT", line, () => Task.CompletedTask);
                    if (ended)
                    {
                        return;
                    }
                }
            }

            ended = true;
        }

        private async Task AcceptAsync(string raw)
        {
            await server.Accepting().WaitAsync(Stopping);
            server.accepted.Enqueue(new ReceivedMail(sender!, [.. recipients], raw, Secured, user));
            await BeginAsync(null);
            ended = server.HangsUpAfterAccepting;
        }

        private Task QuitAsync()
        {
            ended = true;
            return Reply("221 2.0.0 Bye");
        }

        private Task Reply(string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), Stopping).AsTask();

        // By hand, because a reader that reads ahead would swallow the TLS handshake. Null is the end of the connection.
        private async Task<string?> LineAsync()
        {
            var line = new List<byte>();
            while (true)
            {
                if (from == to)
                {
                    (from, to) = (0, await stream.ReadAsync(buffer, Stopping));
                    if (to == 0)
                    {
                        return null;
                    }
                }

                var next = buffer[from++];
                if (next == '\n' && line is [.., (byte)'\r'])
                {
                    return Encoding.UTF8.GetString([.. line[..^1]]);
                }

                line.Add(next);
            }
        }

        private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }
}
