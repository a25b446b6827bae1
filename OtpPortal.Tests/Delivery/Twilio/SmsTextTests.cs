using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Twilio;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>Short enough for one SMS, and readable by a person and by a phone.</summary>
public sealed class SmsTextTests
{
    // GSM 03.38 §6.2.1, the basic alphabet: each character is one of the 160. ESC is no character, and those of the extension count twice.
    private const string Gsm7 = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ "
        + "!\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private const string Host = "portal.example.com";

    private static readonly DateTimeOffset Now = new(2026, 3, 21, 12, 30, 0, TimeSpan.FromHours(2));

    public static TheoryData<MessageKind, string?> Messages => new()
    {
        { MessageKind.Code, "register" },
        { MessageKind.Code, "login" },
        { MessageKind.Code, "forgot_password" },
        { MessageKind.AccountExists, "register" },
        { MessageKind.PasswordChanged, null },
    };

    [Fact]
    public void An_SMS_with_a_code_has_its_exact_text() => Assert.Equal(
        "123456 is your sign-in code.\nValid for 5 minutes. Do not share it.\nNot you? Ignore this message.\n@portal.example.com #123456",
        SmsText.Sms(Message(MessageKind.Code, "login"), "123456", Host));

    [Theory]
    [InlineData("register", "123456 is your verification code.")]
    [InlineData("login", "123456 is your sign-in code.")]
    [InlineData("forgot_password", "123456 is your password reset code.")]
    public void The_first_line_of_an_SMS_has_the_code_and_its_purpose_and_the_last_is_for_the_phone(string purpose, string first)
    {
        var lines = SmsText.Sms(Message(MessageKind.Code, purpose), "123456", Host).Split('\n');

        Assert.Equal(first, lines[0]);
        Assert.Equal("@portal.example.com #123456", lines[^1]);
        Assert.Contains("Not you? Ignore this message.", lines);
        Assert.Equal(4, lines.Length);
    }

    [Theory]
    [InlineData("register")]
    [InlineData("login")]
    [InlineData("forgot_password")]
    public void A_WhatsApp_message_with_a_code_is_the_SMS_without_the_line_for_the_phone_and_names_the_requester(string purpose)
    {
        var at = Now.UtcDateTime.ToString("d MMMM yyyy 'at' HH:mm 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(
            $"{SmsWithoutLineForPhone(MessageKind.Code, purpose)}\nIt was requested on {at} from an unknown program.",
            SmsText.WhatsApp(Message(MessageKind.Code, purpose), "123456", Host));
    }

    [Theory]
    [InlineData(MessageKind.AccountExists, "register")]
    [InlineData(MessageKind.PasswordChanged, null)]
    public void A_notice_by_WhatsApp_is_the_SMS_without_the_line_for_the_phone(MessageKind kind, string? purpose) =>
        Assert.Equal(SmsWithoutLineForPhone(kind, purpose), SmsText.WhatsApp(Message(kind, purpose), "123456", Host));

    private static string SmsWithoutLineForPhone(MessageKind kind, string? purpose) =>
        SmsText.Sms(Message(kind, purpose), "123456", Host).Replace("\n@portal.example.com #123456", "", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_text_is_one_SMS_with_a_host_name_of_forty_characters(MessageKind kind, string? purpose)
    {
        const string host = "one-time-codes.accounts.some.example.com";
        Assert.Equal(40, host.Length);

        // The longest month and lifetime there are.
        var sms = SmsText.Sms(Message(kind, purpose, TimeSpan.FromSeconds(119)), "123456", host);

        Assert.InRange(sms.Length, 60, 160);
        Assert.All(sms, character => Assert.Contains(character, Gsm7));
    }

    [Theory]
    [InlineData(MessageKind.AccountExists, "You already have an account at portal.example.com.")]
    [InlineData(MessageKind.PasswordChanged, "Your password at portal.example.com was changed on 21 Mar 2026 at 10:30 UTC.")]
    public void A_notice_by_text_names_the_place_and_shows_no_code(MessageKind kind, string start)
    {
        // The row may carry a code that matches nothing.
        var sms = SmsText.Sms(Message(kind, "register"), "123456", Host);

        Assert.StartsWith(start, sms, StringComparison.Ordinal);
        Assert.DoesNotContain("123456", sms, StringComparison.Ordinal);
        Assert.DoesNotContain('@', sms);
    }

    [Theory]
    [InlineData(60, "60 seconds")]
    [InlineData(599, "9 minutes")]
    public void A_text_names_the_lifetime_of_its_code(int seconds, string words) => Assert.Contains(
        $"Valid for {words}.", SmsText.Sms(Message(MessageKind.Code, "login", TimeSpan.FromSeconds(seconds)), "123456", Host),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Portal.Example.COM", "@portal.example.com #123456")]
    [InlineData("bücher.example", "@xn--bcher-kva.example #123456")]
    [InlineData("localhost", "@localhost #123456")]
    [InlineData("127.0.0.1", "@127.0.0.1 #123456")]
    public void The_host_in_a_text_is_written_as_a_browser_compares_it(string host, string last) =>
        Assert.EndsWith("\n" + last, SmsText.Sms(Message(MessageKind.Code, "login"), "123456", host), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("portal.example.com:443")]
    [InlineData("https://portal.example.com")]
    [InlineData("portal.example.com\n@evil.example")]
    [InlineData("portal.example.com #000000")]
    [InlineData("ann@portal.example.com")]
    public void Text_that_is_no_host_name_gets_into_no_text_message(string host) =>
        Assert.Throws<ArgumentException>(() => SmsText.Sms(Message(MessageKind.Code, "login"), "123456", host));

    [Theory]
    [InlineData(MessageKind.Code, "another")]
    [InlineData(MessageKind.Decoy, "login")]
    public void A_text_message_without_a_template_is_refused_and_not_sent_empty(MessageKind kind, string purpose) =>
        Assert.Throws<InvalidOperationException>(() => SmsText.Sms(Message(kind, purpose), "123456", Host));

    private static OutboxMessage Message(MessageKind kind, string? purpose, TimeSpan? lifetime = null) => new()
    {
        Id = 7, Kind = kind, Purpose = purpose, Channel = Channels.Sms, Email = "ann@example.com", Recipient = "+447700900123",
            CreatedAt = Now, ExpiresAt = Now + (lifetime ?? TimeSpan.FromMinutes(5)),
    };
}
