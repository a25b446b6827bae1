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
/// Renders mails. Each kind has a Razor template that is rendered once as HTML and once as text, and files of <c>Email:TemplatesPath</c>
/// replace parts of it.
/// </summary>
internal sealed partial class MailRenderer(
    IServiceScopeFactory scopes, ILoggerFactory logs, IOptions<EmailOptions> options, IHostEnvironment environment)
{
    // The files are read once and never again, so that only files that the check at start has seen are used.
    private readonly TemplateFolder folder = Usable(TemplateFolder.Read(options.Value.TemplatesPath, environment.ContentRootPath));

    /// <param name="code">The unprotected code of the message.</param>
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

            // A message in the place of a code has a code that matches nothing, so that its row looks like any other. The mail must not
            // contain it.
            Code = message.Kind == MessageKind.Code ? code : null,
        };
    }

    /// <summary>The text of a file that replaces the built-in text to a phone, or null.</summary>
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

    // The files may have changed since the check at start.
    private static TemplateFolder Usable(TemplateFolder folder) =>
        folder.Faults.Count == 0 ? folder : throw new StartupException(string.Join("\n  ", folder.Faults));

    // Templates are indented for their authors, but the text part must not be.
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
    /// <summary>For mail programs that show HTML.</summary>
    Html,

    /// <summary>For all other mail programs.</summary>
    Text,
}
