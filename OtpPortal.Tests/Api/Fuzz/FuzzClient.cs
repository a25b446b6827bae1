using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Api.Tokens;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Fuzz;

/// <summary>Sends malformed requests, with tokens of an account in the places that they have for them.</summary>
internal sealed class FuzzClient(PortalHost portal, HttpClient client, string owner)
{
    private const string Problem = "application/problem+json";

    private int number;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sends it, and holds against the answer what holds for every answer of the portal.</summary>
    public async Task<(HttpStatusCode Status, string Text)> SendAsync(FuzzRequest request)
    {
        using var message = await MessageAsync(request, Interlocked.Increment(ref number));
        using var response = await client.SendAsync(message, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        var status = (int)response.StatusCode;
        if (response is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } wait })
        {
            throw new ServiceUnavailableException(text, wait);
        }

        Check(status < 500, "the portal failed");

        // What the server refuses before the portal sees it has no body, and ends the connection.
        var ofTheServer = text.Length == 0 && response.Headers.ConnectionClose == true;
        if (status >= 400 && !ofTheServer && message.Method != HttpMethod.Head
            && request.Path.StartsWith("/api", StringComparison.OrdinalIgnoreCase))
        {
            Check(response.Content.Headers.ContentType?.MediaType == Problem, $"{response.Content.Headers.ContentType} is no problem");
            Check(JsonSerializer.Deserialize<JsonElement>(text).GetProperty("status").GetInt32() == status,
                "the body tells another status");
        }

        return (response.StatusCode, text);

        void Check(bool right, string fault)
        {
            if (!right)
            {
                throw new InvalidDataException($"{status} {fault}: {text}");
            }
        }
    }

    private async Task<HttpRequestMessage> MessageAsync(FuzzRequest request, int mine)
    {
        var message = new HttpRequestMessage(request.Method, request.Path);
        if (request.Body is not null)
        {
            var body = await FilledAsync(request.Body, mine);
            message.Content = request.Chunked ? new StreamContent(new Unseekable(body)) : new ByteArrayContent(body);
            if (request.ContentType is not null)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
            }
        }

        foreach (var (name, value) in request.Headers)
        {
            var filled = value.Contains("{token", StringComparison.Ordinal) ? Shown(value, await TokenAsync()) : value;
            if (!message.Headers.TryAddWithoutValidation(name, filled))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, filled);
            }
        }

        return message;
    }

    private async Task<byte[]> FilledAsync(byte[] body, int mine)
    {
        // Latin-1 gives every byte back as it was.
        var text = Encoding.Latin1.GetString(body).Replace("{n}", mine.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        if (text.Contains("{refresh}", StringComparison.Ordinal))
        {
            text = text.Replace("{refresh}", (await BeginAsync()).RefreshToken, StringComparison.Ordinal);
        }

        return Encoding.Latin1.GetBytes(text);
    }

    /// <summary>A header with the token in it: as it is, or with changes that a number stands for.</summary>
    private static string Shown(string header, string token)
    {
        const string changed = "{token~";
        var at = header.IndexOf(changed, StringComparison.Ordinal);
        if (at < 0)
        {
            return header.Replace("{token}", token, StringComparison.Ordinal);
        }

        var random = new SeededRandom(int.Parse(header.AsSpan(at + changed.Length).TrimEnd('}'), CultureInfo.InvariantCulture));
        var bytes = FuzzRequests.Changed(FuzzRequests.Changed(Encoding.ASCII.GetBytes(token), random), random);

        // A library sends no line ends in a header; raw sockets do.
        return header[..at] + string.Concat(Encoding.Latin1.GetString(bytes).Where(one => !char.IsControl(one)));
    }

    private async Task<string> TokenAsync() => await portal.Services.GetRequiredService<AccessTokens>().IssueAsync(await BeginAsync());

    private Task<IssuedSession> BeginAsync() =>
        portal.BeginAsync(owner, new SessionRequest(SessionKind.Api, TimeSpan.FromDays(1)));

    /// <summary>A stream whose length nobody can ask for, so that it goes out in chunks.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
