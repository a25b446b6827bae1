using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>What a mail server is told, in a real conversation. The tests are the same for both transports.</summary>
public sealed class SmtpTransportTests
{
    [Fact]
    public async Task A_mail_is_accepted_with_all_its_headers_and_content()
    {
        await using var smtp = new SmtpHost { From = "Prüfstelle <no-reply@example.com>" };

        await smtp.SendAsync(SmtpHost.Mail(subject: "123456 ist Ihr Code für „Müller & Söhne“, gültig für fünf Minuten ab jetzt ✓"));

        var mail = Assert.Single(smtp.Server.Accepted);
        Assert.StartsWith("FROM:<no-reply@example.com>", mail.From, StringComparison.Ordinal);
        Assert.Equal("TO:<ann@example.com>", Assert.Single(mail.To));
        Assert.Equal("Prüfstelle <no-reply@example.com>", mail["From"].Replace("\"", "", StringComparison.Ordinal));
        Assert.Equal("ann@example.com", mail["To"].Trim('<', '>'));
        Assert.Equal("123456 ist Ihr Code für „Müller & Söhne“, gültig für fünf Minuten ab jetzt ✓", mail["Subject"]);
        Assert.Equal("<otp-7@example.com>", mail["Message-ID"]);
        Assert.Equal("auto-generated", mail["Auto-Submitted"]);
        Assert.True(DateTimeOffset.TryParse(mail["Date"], System.Globalization.CultureInfo.InvariantCulture, out _));
        Assert.All(mail.Raw, letter => Assert.True(char.IsAscii(letter)));
    }

    [Fact]
    public async Task A_mail_has_a_part_of_text_and_then_one_of_html()
    {
        await using var smtp = new SmtpHost();
        var text = "Grüße: 123456\n.\n..\n" + new string('x', 1200) + "\n";

        await smtp.SendAsync(SmtpHost.Mail() with { Text = text });

        var mail = Assert.Single(smtp.Server.Accepted);
        Assert.StartsWith("multipart/alternative", mail["Content-Type"], StringComparison.Ordinal);
        var parts = mail.Parts();
        Assert.Equal(2, parts.Count);
        Assert.StartsWith("text/plain; charset=utf-8", parts[0].Type, StringComparison.Ordinal);
        Assert.Equal(text.ReplaceLineEndings("\r\n"), parts[0].Text.TrimEnd() + "\r\n");
        Assert.StartsWith("text/html; charset=utf-8", parts[1].Type, StringComparison.Ordinal);
        Assert.Equal("<!doctype html>\r\n<p>Your code: <b>123456</b></p>", parts[1].Text.TrimEnd());
        Assert.All(mail.Raw.Split("\r\n"), line => Assert.True(line.Length <= 998));
    }

    [Fact]
    public async Task The_Message_ID_is_the_same_at_every_attempt_and_different_for_another_message()
    {
        await using var smtp = new SmtpHost();

        foreach (var id in new[] { "otp-1", "otp-1", "otp-2" })
        {
            await smtp.SendAsync(SmtpHost.Mail(id: id));
        }

        Assert.Equal(
            ["<otp-1@example.com>", "<otp-1@example.com>", "<otp-2@example.com>"], smtp.Server.Accepted.Select(mail => mail["Message-ID"]));
    }

    [Theory]
    [InlineData("ann@example.com\r\nRCPT TO:<eve@example.com>")]
    [InlineData("ann@example.com\r\n Bcc: eve@example.com")]
    [InlineData("ann@example.com>\r\nDATA")]
    [InlineData("ann@example.com, eve@example.com")]
    [InlineData("ann@example.com;eve@example.com")]
    [InlineData("Ann <ann@example.com>")]
    [InlineData("ann@example.com (eve@example.com)")]
    [InlineData("ann@example.com\n")]
    [InlineData("ann@example.com\0")]
    [InlineData("ann@example.com\u2028eve")]
    [InlineData("\r\nann@example.com")]
    [InlineData("ann@example.com> SIZE=1")]
    [InlineData("ann")]
    [InlineData("")]
    public async Task A_recipient_that_is_not_one_address_is_refused_before_the_server_is_contacted(string to)
    {
        await using var smtp = new SmtpHost();

        var failure = await Assert.ThrowsAsync<DeliveryException>(() => smtp.SendAsync(SmtpHost.Mail(to)));

        Assert.True(failure.IsPermanent);
        Assert.Equal("recipient refused: it is not an address.", failure.Message);
        Assert.Equal(0, smtp.Server.Connections);
    }

    [Theory]
    [InlineData("123456\r\nBcc: eve@example.com")]
    [InlineData("123456\nBcc: eve@example.com")]
    [InlineData("123456\r\n\r\nAnother body")]
    [InlineData("123456 é\r\n Bcc: eve@example.com\r\n.\r\n")]
    [InlineData("123456\0\u001b\u0085")]
    public async Task The_subject_of_a_mail_stays_one_line(string subject)
    {
        await using var smtp = new SmtpHost();
        await smtp.SendAsync(SmtpHost.Mail(subject: "123456"));
        await smtp.SendAsync(SmtpHost.Mail(subject: subject));

        var (plain, mail) = (smtp.Server.Accepted[0], smtp.Server.Accepted[1]);
        Assert.Equal(Names(plain), Names(mail));
        Assert.StartsWith("123456", mail["Subject"], StringComparison.Ordinal);
        Assert.DoesNotContain(mail["Subject"], char.IsControl);
        Assert.Equal("TO:<ann@example.com>", Assert.Single(mail.To));
        Assert.Equal(plain.Parts(), mail.Parts());

        static IEnumerable<string> Names(ReceivedMail mail) => mail.Head.Select(line => line.Split(':')[0]).Order();
    }

    [Fact]
    public async Task A_mail_domain_beyond_ASCII_is_sent_as_punycode()
    {
        await using var smtp = new SmtpHost { From = "no-reply@prüfstelle.example" };
        smtp.Server.Utf8 = false;

        await smtp.SendAsync(SmtpHost.Mail("ann@müller.example"));

        var mail = Assert.Single(smtp.Server.Accepted);
        Assert.Equal("TO:<ann@xn--mller-kva.example>", Assert.Single(mail.To));
        Assert.Equal("<otp-7@xn--prfstelle-r9a.example>", mail["Message-ID"]);
        Assert.All(mail.Raw, letter => Assert.True(char.IsAscii(letter)));
    }

    [Fact]
    public async Task A_local_part_beyond_ASCII_is_sent_as_it_is_where_the_server_supports_it()
    {
        await using var smtp = new SmtpHost();

        await smtp.SendAsync(SmtpHost.Mail("jürgen@example.com"));

        var mail = Assert.Single(smtp.Server.Accepted);
        Assert.Equal("TO:<jürgen@example.com>", Assert.Single(mail.To));
        Assert.Contains(" SMTPUTF8", mail.From, StringComparison.Ordinal);
        Assert.Contains("jürgen@example.com", mail["To"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Auto)]
    public async Task A_local_part_beyond_ASCII_is_refused_for_good_where_the_server_does_not_support_it(SmtpSecurity security)
    {
        await using var smtp = new SmtpHost { Security = security };
        smtp.Server.Utf8 = false;

        var failure = await smtp.FailAsync(SmtpHost.Mail("jürgen@example.com"));

        Assert.True(failure.IsPermanent);
        Assert.Contains("recipient refused", failure.Message, StringComparison.Ordinal);
        Assert.Empty(smtp.Server.Accepted);
    }
}
