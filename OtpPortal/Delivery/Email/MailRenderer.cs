using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery.Email.Templates;
using OtpPortal.Hosting;

namespace OtpPortal.Delivery.Email;

/// <summary>
/// Makes a mail of an outbox row: one Razor template per purpose, rendered once as HTML and once as text, unless a file of
/// <c>Email:TemplatesPath</c> says something else.
/// </summary>
public sealed partial class MailRenderer(
    IServiceScopeFactory scopes, ILoggerFactory logs, IOptions<EmailOptions> options, IHostEnvironment environment)
{
    // Read once: the check at start has seen what is used.
    private readonly TemplateFolder folder = Usable(TemplateFolder.Read(options.Value.TemplatesPath, environment.ContentRootPath));

    /// <summary>Renders the message.</summary>
    /// <param name="message">The outbox row.</param>
    /// <param name="code">Its code, read out of it.</param>
    public async Task<OutgoingMail> RenderAsync(OutboxMessage message, string? code)
    {
        var model = MailModel.Of(message, code);
        var template = MailTemplate.For(message);
        var subject = folder.Fill(template, TemplateFolder.Ending.Subject, model)
            ?? Placeholders.Fill(template.Subject, model, html: false);
        var text = folder.Fill(template, TemplateFolder.Ending.Text, model)
            ?? Tidy(WebUtility.HtmlDecode(await RenderAsync(template.Body, model, MailPart.Text)));
        var html = folder.Fill(template, TemplateFolder.Ending.Html, model)
            ?? $"<!doctype html>\n{(await RenderAsync(template.Body, model, MailPart.Html)).Trim()}\n";
        return new OutgoingMail($"otp-{message.Id}", message.Recipient, subject, text, html)
        {
            Purpose = message.Purpose,

            // What is sent in the place of a code carries one that matches nothing, so that its row looks like any other.
            Code = message.Kind == MessageKind.Code ? code : null,
        };
    }

    /// <summary>What a file says in the place of the built-in text to a phone, or null.</summary>
    /// <inheritdoc cref="RenderAsync(OutboxMessage, string?)"/>
    public string? PhoneText(OutboxMessage message, string? code) =>
        folder.Fill(MailTemplate.For(message), TemplateFolder.Ending.Phone, MailModel.Of(message, code))?.TrimEnd();

    private async Task<string> RenderAsync(Type template, MailModel model, MailPart part)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["Template"] = template,
                ["Model"] = model,
                ["Part"] = part,
            };
            return (await renderer.RenderComponentAsync<MailRoot>(ParameterView.FromDictionary(parameters))).ToHtmlString();
        });
    }

    // Changed since the check at start, a moment ago.
    private static TemplateFolder Usable(TemplateFolder folder) =>
        folder.Faults.Count == 0 ? folder : throw new StartupException(string.Join("\n  ", folder.Faults));

    // A template is indented for its author; its text part is for a reader.
    private static string Tidy(string text)
    {
        var lines = text.Split('\n').Select(line => line.Trim());
        return ManyEmptyLines().Replace(string.Join('\n', lines), "\n\n").Trim() + "\n";
    }

    [GeneratedRegex("\n{3,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ManyEmptyLines();
}

/// <summary>The part of a mail that is being rendered.</summary>
public enum MailPart
{
    /// <summary>For readers of HTML.</summary>
    Html,

    /// <summary>For everybody else.</summary>
    Text,
}
