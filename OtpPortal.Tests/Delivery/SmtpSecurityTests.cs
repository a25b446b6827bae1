using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>Who the mail server is, whether somebody listens in, and who the portal says it is.</summary>
public sealed class SmtpSecurityTests
{
    private static readonly (string, string) Account = ("portal", "correct horse");

    [Theory]
    [InlineData(SmtpSecurity.StartTls, true, true)]
    [InlineData(SmtpSecurity.Auto, true, true)]
    [InlineData(SmtpSecurity.Auto, false, false)]
    [InlineData(SmtpSecurity.None, true, false)]
    [InlineData(SmtpSecurity.None, false, false)]
    public async Task A_mail_is_sent_in_the_clear_only_where_configured_or_nothing_else_is_offered(
        SmtpSecurity security, bool offered, bool secured)
    {
        await using var smtp = new SmtpHost { Security = security };
        smtp.Server.Certificate = offered ? TestCertificates.Localhost : null;

        await smtp.SendAsync();

        Assert.Equal(secured, Assert.Single(smtp.Server.Accepted).Secured);
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls, false)]
    [InlineData(SmtpSecurity.StartTls, true)]
    [InlineData(SmtpSecurity.Auto, true)]
    public async Task A_mail_server_without_the_required_STARTTLS_gets_neither_mail_nor_credentials(SmtpSecurity security, bool login)
    {
        await using var smtp = new SmtpHost { Security = security, Login = login ? Account : null };
        smtp.Server.Certificate = null;
        smtp.Server.Account = login ? Account : null;
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        smtp.Server.Script = (verb, _) =>
        {
            told.Enqueue(verb);
            return null;
        };

        var failure = await smtp.FailAsync();

        Assert.False(failure.IsPermanent);
        Assert.Contains("does not offer STARTTLS", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTH", told);
        Assert.DoesNotContain("MAIL", told);
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
        smtp.Server.Certificate = certificate == "untrusted" ? TestCertificates.Untrusted : TestCertificates.OfAnother;
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        smtp.Server.Script = (verb, _) =>
        {
            told.Enqueue(verb);
            return null;
        };

        var failure = await smtp.FailAsync();

        Assert.False(failure.IsPermanent);
        Assert.Contains("no secure connection, check Email:Smtp:Host, Email:Smtp:Security and the server's certificate", failure.Message,
            StringComparison.Ordinal);
        Assert.Equal(["CONNECT", "EHLO", "STARTTLS"], told);
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

        if (await Record.ExceptionAsync(() => smtp.SendAsync()) is { } failure)
        {
            Assert.Contains("cannot speak TLS from the start", Assert.IsType<DeliveryException>(failure).Message, StringComparison.Ordinal);
            Assert.Equal(0, smtp.Server.Connections);
        }
        else
        {
            Assert.True(Assert.Single(smtp.Server.Accepted).Secured);
        }
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

        // MailKit says so; System.Net.Mail sends without signing in, as the server allows it.
        if (await Record.ExceptionAsync(() => smtp.SendAsync()) is { } failure)
        {
            Assert.False(Assert.IsType<DeliveryException>(failure).IsPermanent);
            Assert.Contains("does not offer a way to sign in", failure.Message, StringComparison.Ordinal);
            Assert.Empty(smtp.Server.Accepted);
        }
        else
        {
            Assert.Null(Assert.Single(smtp.Server.Accepted).User);
        }
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
}
