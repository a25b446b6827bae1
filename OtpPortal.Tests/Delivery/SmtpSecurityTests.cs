using System.Security.Cryptography.X509Certificates;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>Who the mail server is, whether somebody listens in, and who the portal says it is.</summary>
public sealed class SmtpSecurityTests
{
    private static readonly (string, string) Account = ("portal", "correct horse");

    private static readonly Dictionary<string, X509Certificate2?> Certificates = new(StringComparer.Ordinal)
    {
        ["none"] = null,
        ["valid"] = TestCertificates.Localhost,
        ["untrusted"] = TestCertificates.Untrusted,
        ["of another"] = TestCertificates.OfAnother,
    };

    [Theory]
    [InlineData(SmtpSecurity.StartTls, "valid", true)]
    [InlineData(SmtpSecurity.Auto, "valid", true)]
    [InlineData(SmtpSecurity.Auto, "none", false)]
    [InlineData(SmtpSecurity.None, "valid", false)]
    [InlineData(SmtpSecurity.None, "none", false)]
    public async Task A_mail_is_sent_in_the_clear_only_where_configured_or_nothing_else_is_offered(
        SmtpSecurity security, string certificate, bool secured)
    {
        await using var smtp = new SmtpHost { Security = security };
        smtp.Server.Certificate = Certificates[certificate];

        await smtp.SendAsync();

        Assert.Equal(secured, Assert.Single(smtp.Server.Accepted).Secured);
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Auto)]
    public async Task A_mail_server_without_the_required_STARTTLS_gets_neither_mail_nor_credentials(SmtpSecurity security)
    {
        await using var smtp = new SmtpHost { Security = security, Login = Account };
        smtp.Server.Account = Account;
        await AssertNothingWithoutStartTlsAsync(smtp);
    }

    [Fact]
    public async Task A_mail_server_without_the_required_STARTTLS_gets_no_mail_that_needs_no_credentials()
    {
        await using var smtp = new SmtpHost { Security = SmtpSecurity.StartTls };
        await AssertNothingWithoutStartTlsAsync(smtp);
    }

    private static async Task AssertNothingWithoutStartTlsAsync(SmtpHost smtp)
    {
        smtp.Server.Certificate = null;

        var failure = await smtp.FailAsync();

        Assert.False(failure.IsPermanent);
        Assert.Contains("does not offer STARTTLS", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTH", smtp.Server.Verbs);
        Assert.DoesNotContain("MAIL", smtp.Server.Verbs);
    }

    [Theory]
    [InlineData("untrusted", SmtpSecurity.StartTls)]
    [InlineData("untrusted", SmtpSecurity.Auto)]
    [InlineData("of another", SmtpSecurity.StartTls)]
    [InlineData("of another", SmtpSecurity.Auto)]
    public async Task A_mail_server_with_a_wrong_certificate_gets_neither_mail_nor_credentials(string certificate, SmtpSecurity security)
    {
        await using var smtp = new SmtpHost { Security = security, Login = Account };
        smtp.Server.Account = Account;
        smtp.Server.Certificate = Certificates[certificate];

        var failure = await smtp.FailAsync();

        Assert.False(failure.IsPermanent);
        Assert.Contains("no secure connection, check Email:Smtp:Host, Email:Smtp:Security and the server's certificate", failure.Message,
            StringComparison.Ordinal);
        Assert.Equal(["CONNECT", "EHLO", "STARTTLS"], smtp.Server.Verbs);
    }

    [Fact]
    public async Task An_untrusted_certificate_does_not_lead_to_a_plain_connection()
    {
        await using var smtp = new SmtpHost { Security = SmtpSecurity.Auto };
        smtp.Server.Certificate = TestCertificates.Untrusted;

        Assert.False((await smtp.FailAsync()).IsPermanent);

        Assert.Equal(1, smtp.Server.Connections);
        Assert.Empty(smtp.Server.Accepted);
    }

    [Fact]
    public async Task A_connection_with_implicit_TLS_is_made_or_its_absence_is_named()
    {
        await using var smtp = new SmtpHost { Security = SmtpSecurity.Tls };
        smtp.Server.Implicit = true;

        // MailKit speaks it; System.Net.Mail cannot, and says so before it connects.
        var failure = await Record.ExceptionAsync(() => smtp.SendAsync());

        Assert.All(Failures(failure), message => Assert.Contains("cannot speak TLS from the start", message, StringComparison.Ordinal));
        Assert.Equal(1 - Failures(failure).Count, smtp.Server.Connections);
        Assert.Equal(1 - Failures(failure).Count, smtp.Server.Accepted.Count(mail => mail.Secured));
    }

    [Fact]
    public async Task The_portal_signs_in_to_the_mail_server()
    {
        await using var smtp = new SmtpHost { Login = Account };
        smtp.Server.Account = Account;

        await smtp.SendAsync();

        var mail = Assert.Single(smtp.Server.Accepted);
        Assert.True(mail.Secured);
        Assert.Equal("portal", mail.User);
    }

    [Fact]
    public async Task A_refused_SMTP_password_is_a_permanent_failure()
    {
        await using var smtp = new SmtpHost { Login = ("portal", "wrong horse") };
        smtp.Server.Account = Account;

        var failure = await smtp.FailAsync();

        Assert.True(failure.IsPermanent);
        Assert.Equal(
            $"localhost:{smtp.Server.Port}: authentication failed, check Email:Smtp:UserName and Email:Smtp:Password.", failure.Message);
        Assert.DoesNotContain("horse", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(smtp.Server.Accepted);
    }

    [Fact]
    public async Task A_mail_server_without_authentication_gets_no_mail_that_needs_it()
    {
        await using var smtp = new SmtpHost { Login = Account };

        // MailKit refuses to send; System.Net.Mail sends without signing in, as the server allows it.
        var failure = await Record.ExceptionAsync(() => smtp.SendAsync());

        Assert.All(Failures(failure), message => Assert.Contains("does not offer a way to sign in", message, StringComparison.Ordinal));
        Assert.Equal(1 - Failures(failure).Count, smtp.Server.Accepted.Count(mail => mail.User is null));
        Assert.DoesNotContain(smtp.Server.Accepted, mail => mail.User is not null);
        Assert.False((failure as DeliveryException)?.IsPermanent ?? false);
    }

    [Fact]
    public async Task A_missing_SMTP_password_is_a_permanent_failure()
    {
        await using var smtp = new SmtpHost();
        smtp.Server.Account = Account;

        var failure = await smtp.FailAsync();

        Assert.True(failure.IsPermanent);
        Assert.Contains(
            "authentication required, set Email:Smtp:UserName and Email:Smtp:Password", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_SMTP_password_goes_over_a_plain_connection_only_where_configured()
    {
        await using var smtp = new SmtpHost { Security = SmtpSecurity.None, Login = Account };
        smtp.Server.Account = Account;
        smtp.Server.Certificate = null;

        await smtp.SendAsync();

        Assert.Equal((false, "portal"), (smtp.Server.Accepted[0].Secured, smtp.Server.Accepted[0].User));
    }

    /// <summary>The message of the one failure, which is that of a delivery; nothing where the mail was sent.</summary>
    private static List<string> Failures(Exception? failure) =>
        [.. new[] { failure }.OfType<Exception>().Select(each => Assert.IsType<DeliveryException>(each).Message)];
}
