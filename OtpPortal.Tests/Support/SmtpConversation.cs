using System.Text;

namespace OtpPortal.Tests.Support;

/// <summary>What <see cref="SmtpServer"/> answers to one client: a table of commands, and its script before all of them.</summary>
internal sealed class SmtpConversation
{
    private readonly SmtpServer server;
    private readonly SmtpConnection connection;
    private readonly Dictionary<string, Func<string, Task>> commands;
    private readonly List<string> recipients = [];
    private string? sender;
    private string? user;
    private bool ended;

    public SmtpConversation(SmtpServer server, SmtpConnection connection)
    {
        this.server = server;
        this.connection = connection;
        commands = new(StringComparer.Ordinal)
        {
            ["EHLO"] = _ => GreetAsync(),
            ["STARTTLS"] = _ => StartTlsAsync(),
            ["AUTH"] = AuthenticateAsync,
            ["MAIL"] = BeginMailAsync,
            ["RCPT"] = AddRecipientAsync,
            ["DATA"] = _ => ReadMailAsync(),
            ["RSET"] = _ => ResetAsync(null),
            ["NOOP"] = _ => connection.ReplyAsync("250 2.0.0 OK"),
            ["QUIT"] = _ => QuitAsync(),
        };
    }

    private bool OffersStartTls => server.Certificate is not null && !connection.Secured;

    public async Task RunAsync()
    {
        if (server.Implicit)
        {
            await connection.SecureAsync(server.Certificate);
        }

        await AnswerAsync("CONNECT", "", () => connection.ReplyAsync("220 localhost ESMTP"));
        while (!ended && await connection.LineAsync() is { } line)
        {
            var (verb, argument) = line.IndexOf(' ', StringComparison.Ordinal) is var blank and > 0
                ? (line[..blank], line[(blank + 1)..])
                : (line, "");
            verb = verb.ToUpperInvariant();
            await AnswerAsync(verb, argument, () => commands.GetValueOrDefault(verb, _ => NotImplementedAsync())(argument));
        }
    }

    // The script first; what it leaves open is answered as usual.
    private async Task AnswerAsync(string verb, string argument, Func<Task> usual)
    {
        switch (server.Ask(verb, argument))
        {
            case null:
                await usual();
                break;
            case SmtpServer.Drop:
                ended = true;
                break;
            case SmtpServer.Silence:
                // Until the client has had enough, whatever it still says.
                while (await connection.LineAsync() is not null)
                {
                }

                ended = true;
                break;
            case var reply:
                // RFC 5321 §3.8: a server that says 421 closes.
                ended = reply.StartsWith("421", StringComparison.Ordinal);
                await connection.ReplyAsync(reply);
                break;
        }
    }

    private Task NotImplementedAsync() => connection.ReplyAsync("502 5.5.1 Not implemented");

    private Task BadSequenceAsync() => connection.ReplyAsync("503 5.5.1 Bad sequence of commands");

    private Task GreetAsync()
    {
        (string Name, bool IsOffered)[] extensions =
        [
            ("localhost", true), ("8BITMIME", true), ("ENHANCEDSTATUSCODES", true), ("SMTPUTF8", server.Utf8),
            ("STARTTLS", OffersStartTls), ("AUTH PLAIN LOGIN", server.Account is not null),
        ];
        var offers = extensions.Where(extension => extension.IsOffered).Select(extension => extension.Name).ToList();
        return connection.ReplyAsync(string.Join("\r\n", offers.Select((offer, i) => (i < offers.Count - 1 ? "250-" : "250 ") + offer)));
    }

    private async Task StartTlsAsync()
    {
        if (!OffersStartTls)
        {
            await NotImplementedAsync();
            return;
        }

        await connection.ReplyAsync("220 2.0.0 Go on");
        await connection.SecureAsync(server.Certificate);
    }

    private async Task AuthenticateAsync(string argument)
    {
        if (server.Account is null)
        {
            await NotImplementedAsync();
            return;
        }

        var words = argument.Split(' ');
        var answer = words.Length > 1 ? Text(words[1]) : null;
        var credentials = words[0].Equals("LOGIN", StringComparison.OrdinalIgnoreCase)
            ? (answer ?? await AskAsync("Username:"), await AskAsync("Password:"))
            : Plain(answer ?? await AskAsync(""));
        user = credentials == server.Account ? credentials.Item1 : null;
        await connection.ReplyAsync(user is null ? "535 5.7.8 Authentication credentials invalid" : "235 2.7.0 Accepted");
    }

    private async Task<string> AskAsync(string question)
    {
        await connection.ReplyAsync("334 " + Convert.ToBase64String(Encoding.UTF8.GetBytes(question)));
        return Text(await connection.LineAsync() ?? throw new IOException("The client has gone."));
    }

    private Task BeginMailAsync(string argument) => server.Account is not null && user is null
        ? connection.ReplyAsync("530 5.7.0 Authentication required")
        : ResetAsync(argument);

    private Task ResetAsync(string? argument)
    {
        sender = argument;
        recipients.Clear();
        return connection.ReplyAsync("250 2.1.0 OK");
    }

    private Task AddRecipientAsync(string argument)
    {
        if (sender is null)
        {
            return BadSequenceAsync();
        }

        recipients.Add(argument);
        return connection.ReplyAsync("250 2.1.5 OK");
    }

    private async Task ReadMailAsync()
    {
        if (recipients.Count == 0)
        {
            await BadSequenceAsync();
            return;
        }

        await connection.ReplyAsync("354 Go on");
        var lines = new List<string>();
        while (!ended && await connection.LineAsync() is { } line)
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
            }
        }

        ended = true;
    }

    private async Task AcceptAsync(string raw)
    {
        await server.AcceptAsync(new ReceivedMail(sender!, [.. recipients], raw, connection.Secured, user));
        await ResetAsync(null);
        ended = server.HangsUpAfterAccepting;
    }

    private Task QuitAsync()
    {
        ended = true;
        return connection.ReplyAsync("221 2.0.0 Bye");
    }

    private static (string Name, string Password) Plain(string answer) => answer.Split('\0') is [_, var name, var password]
        ? (name, password)
        : ("", "");

    private static string Text(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
