using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OtpPortal.Tests.Support;

/// <summary>
/// A Twilio of the tests' own, over real HTTP on this machine. It records what it is asked, and answers as the test
/// says.
/// </summary>
internal sealed class FakeTwilio : IAsyncDisposable
{
    public const string AccountSid = "AC0123456789abcdef0123456789abcdef";

    public const string AuthToken = "5ec2e7t0ken5ec2e7t0ken";

    public const string From = "+15005550006";

    public const string WhatsAppFrom = "+14155238886";

    private readonly WebApplication server;
    private readonly ConcurrentQueue<TwilioRequest> requests = new();
    private readonly SemaphoreSlim arrivals = new(0);

    private FakeTwilio()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.Run(AnswerAsync);
    }

    /// <summary>What it was asked, oldest first.</summary>
    public IReadOnlyList<TwilioRequest> Requests => [.. requests];

    /// <summary>How it answers: by default it accepts.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = Accept;

    public string BaseUrl => server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The section <c>Twilio</c> of a portal that uses it.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Twilio:AccountSid", AccountSid), new("Twilio:AuthToken", AuthToken), new("Twilio:From", From),
        new("Twilio:WhatsAppFrom", WhatsAppFrom), new("Twilio:Countries", "GB,US"), new("Twilio:BaseUrl", BaseUrl),
            new("Portal:Address", "https://portal.example.com"),
    ];

    public static async Task<FakeTwilio> StartAsync()
    {
        var twilio = new FakeTwilio();
        await twilio.server.StartAsync();
        return twilio;
    }

    /// <summary>201 Created, as Twilio answers.</summary>
    public static Task Accept(HttpContext http) =>
        Write(http, 201, """{"sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "error_code": null}""");

    /// <summary>A refusal, as Twilio words it: with the recipient's number in it.</summary>
    public static Func<HttpContext, Task> Refuse(int status, int error, string? retryAfter = null) => http =>
    {
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        return Write(http, status, string.Create(CultureInfo.InvariantCulture, $$"""
            {"code": {{error}}, "message": "The 'To' number {{http.Request.Form["To"]}} is refused.", "more_info": "https://www.twilio.com/docs/errors/{{error}}", "status": {{status}}}
            """));
    };

    /// <summary>Silence, until the client gives up.</summary>
    public static Task Silence(HttpContext http)
    {
        var gone = new TaskCompletionSource();
        http.RequestAborted.Register(gone.SetResult);
        return gone.Task;
    }

    public static Task Write(HttpContext http, int status, string body, string type = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body);
    }

    /// <summary>Waits for the next request.</summary>
    public Task ArrivedAsync(CancellationToken cancellationToken) => arrivals.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        arrivals.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : FormCollection.Empty;
        requests.Enqueue(new TwilioRequest(
            http.Request.Method,
            http.Request.Path + http.Request.QueryString,
            http.Request.ContentType,
            http.Request.Headers.Authorization.ToString(),
            form.Select(field => (field.Key, field.Value.ToString())).ToDictionary(StringComparer.Ordinal)));
        arrivals.Release();
        await Answer(http);
    }
}

/// <summary>A request as it came in.</summary>
internal sealed record TwilioRequest(
    string Method, string Target, string? ContentType, string Authorization, IReadOnlyDictionary<string, string> Fields);
