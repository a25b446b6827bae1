using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

public sealed class MailRendererTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Theory]
    [InlineData("register", "123456 is your verification code", 5)]
    [InlineData("login", "123456 is your sign-in code", 5)]
    [InlineData("forgot_password", "123456 is your password reset code", 10)]
    public async Task A_mail_with_a_code_shows_it_in_subject_preview_and_text(string purpose, string subject, int minutes)
    {
        var lifetime = $"{minutes} minutes";

        var mail = await RenderAsync(MessageKind.Code, purpose, "123456", TimeSpan.FromMinutes(minutes));

        Assert.Equal(subject, mail.Subject);
        Assert.Equal(subject + ".", mail.Text.Split('\n')[0]);
        Assert.Contains("\n123456\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains(">123456</p>", mail.Html, StringComparison.Ordinal);
        Assert.Contains($"{subject}.</div>", mail.Html, StringComparison.Ordinal);
        Assert.Contains(lifetime, mail.Text, StringComparison.Ordinal);
        Assert.Contains(lifetime, mail.Html, StringComparison.Ordinal);
        Assert.Contains("If this was not you", mail.Text, StringComparison.Ordinal);
        Assert.Equal(("123456", purpose), (mail.Code, mail.Purpose));
    }

    [Theory]
    [InlineData(MessageKind.AccountExists, "register", "You already have an account")]
    [InlineData(MessageKind.PasswordChanged, null, "Your password was changed")]
    public async Task A_mail_without_a_code_shows_none(MessageKind kind, string? purpose, string subject)
    {
        // The row may carry a code that matches nothing.
        var mail = await RenderAsync(kind, purpose, "123456", TimeSpan.FromMinutes(5));

        Assert.Equal(subject, mail.Subject);
        Assert.DoesNotContain("123456", mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.Null(mail.Code);
        Assert.Contains("If this was not you", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MessageKind.Code, "register")]
    [InlineData(MessageKind.Code, "login")]
    [InlineData(MessageKind.Code, "forgot_password")]
    [InlineData(MessageKind.AccountExists, "register")]
    [InlineData(MessageKind.PasswordChanged, null)]
    public async Task The_text_of_a_mail_is_plain_and_its_HTML_is_complete(MessageKind kind, string? purpose)
    {
        var mail = await RenderAsync(kind, purpose, "123456", TimeSpan.FromMinutes(5));

        Assert.DoesNotMatch("<[a-zA-Z/!]|&[a-zA-Z#]", mail.Text);
        Assert.DoesNotContain("\n\n\n", mail.Text, StringComparison.Ordinal);
        Assert.EndsWith("Please do not reply.\n", mail.Text, StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", mail.Html, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)<(script|img|link|iframe)|https?://", mail.Html);
    }

    [Theory]
    [InlineData(60, "60 seconds")]
    [InlineData(119, "119 seconds")]
    [InlineData(120, "2 minutes")]
    [InlineData(599, "9 minutes")]
    [InlineData(1, "1 second")]
    public async Task A_mail_never_promises_a_longer_lifetime_of_its_code(int seconds, string words)
    {
        var mail = await RenderAsync(MessageKind.Code, "login", "123456", TimeSpan.FromSeconds(seconds));

        Assert.Contains($"It is valid for {words},", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_names_the_configured_lifetime_of_its_code()
    {
        await using var other = new PortalHost().With("Otp:Login:Expiry", "00:07:00");
        await other.SendAsync("ann@example.com");

        Assert.Contains("7 minutes", Assert.Single(other.Inbox).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_values_get_into_neither_the_headers_nor_the_markup_of_a_mail()
    {
        var mail = await RenderAsync(MessageKind.Code, "login", "<b>&\"", TimeSpan.FromMinutes(5), "x@example.com\r\nBcc: y@example.com");

        Assert.DoesNotContain(mail.Subject, char.IsControl);
        Assert.DoesNotContain("Bcc", mail.Subject + mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", mail.Html, StringComparison.Ordinal);
        Assert.Contains(WebUtility.HtmlEncode("<b>&"), mail.Html, StringComparison.Ordinal);
        Assert.Contains("\n<b>&\"\n", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_without_a_template_is_refused_and_not_mailed_empty() =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => RenderAsync(MessageKind.Code, "another", "123456", TimeSpan.FromMinutes(5)));

    [Fact]
    public async Task A_mail_never_prints_its_content()
    {
        var mail = await RenderAsync(MessageKind.Code, "login", "123456", TimeSpan.FromMinutes(5));

        Assert.DoesNotContain("123456", mail.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ann@example.com", mail.ToString(), StringComparison.Ordinal);
        Assert.Equal("******", new MailModel("123456", TimeSpan.Zero, default).ToString());
    }

    private Task<OutgoingMail> RenderAsync(MessageKind kind, string? purpose, string code, TimeSpan lifetime, string to = "ann@example.com")
    {
        var now = portal.Clock!.GetUtcNow();
        var message = new OutboxMessage
        {
            Id = 7,
            Kind = kind,
            Purpose = purpose,
            Channel = "email",
            Email = to,
            Recipient = to,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        };
        return portal.Services.GetRequiredService<MailRenderer>().RenderAsync(message, code);
    }
}
