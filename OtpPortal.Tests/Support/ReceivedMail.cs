using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OtpPortal.Tests.Support;

/// <summary>A mail as it came over the wire, and as much of RFC 5322 and MIME as tests need to read it.</summary>
/// <param name="From">The argument of MAIL.</param>
/// <param name="To">The arguments of RCPT.</param>
/// <param name="Raw">Head and body.</param>
/// <param name="Secured">Whether it came through TLS.</param>
/// <param name="User">Who had signed in.</param>
internal sealed partial record ReceivedMail(string From, IReadOnlyList<string> To, string Raw, bool Secured, string? User)
{
    /// <summary>The lines of its head, unfolded.</summary>
    public IReadOnlyList<string> Head => Lines(Raw);

    /// <summary>A header, decoded (RFC 2047). There must be exactly one.</summary>
    public string this[string name] => Words(Header(Raw, name));

    /// <summary>The parts of its body: their type, and their text.</summary>
    public IReadOnlyList<(string Type, string Text)> Parts()
    {
        var boundary = Boundary().Match(Header(Raw, "Content-Type")).Groups["value"].Value;
        return [.. Raw.Split($"\r\n--{boundary}")[1..^1].Select(part => part.TrimStart('\r', '\n'))
            .Select(part => (Header(part, "Content-Type"), Content(part)))];
    }

    private static string[] Lines(string entity) =>
        entity.Split("\r\n\r\n")[0].Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", "\t", StringComparison.Ordinal)
            .Split("\r\n");

    private static string Header(string entity, string name) =>
        Lines(entity).Single(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))[(name.Length + 1)..].Trim();

    private static string Content(string part)
    {
        var body = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var encoding = Lines(part)
            .SingleOrDefault(line => line.StartsWith("Content-Transfer-Encoding:", StringComparison.OrdinalIgnoreCase))?.Split(
                ':')[1].Trim();
        return encoding?.ToUpperInvariant() switch
        {
            "BASE64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
            "QUOTED-PRINTABLE" => Quoted(body.Replace("=\r\n", "", StringComparison.Ordinal)),
            _ => body,
        };
    }

    private static string Words(string value) => EncodedWord().Replace(
        BetweenWords().Replace(value, "?="),
        word => word.Groups["how"].Value is "B" or "b"
            ? Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["text"].Value))
            : Quoted(word.Groups["text"].Value.Replace('_', ' ')));

    private static string Quoted(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=')
            {
                bytes.Add(byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(
        "boundary=\"?(?<value>[^\";]+)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"=\?utf-8\?(?<how>[BbQq])\?(?<text>[^?]*)\?=", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=\s+(?==\?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BetweenWords();
}
