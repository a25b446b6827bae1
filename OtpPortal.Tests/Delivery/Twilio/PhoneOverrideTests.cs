using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Otp;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery.Twilio;

/// <summary>A file in the place of the built-in text to a phone.</summary>
public sealed class PhoneOverrideTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-texts-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(Channels.Sms, "Dear friend, {0} it is, for 5 minutes.\n@portal.example.com #{0}")]
    [InlineData(Channels.WhatsApp, "Dear friend, {0} it is, for 5 minutes.")]
    public async Task A_phone_template_is_sent_and_an_SMS_keeps_its_line_for_the_phone(string channel, string expected)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "login.phone.txt"), "Dear friend, {{code}} it is, for {{lifetime}}.\n", Cancel);
        await using var portal = new PortalHost()
            .With("Email:TemplatesPath", folder.FullName).With("Twilio:From", "+15005550006").With("Twilio:Countries", "GB")
            .With("Portal:Address", "https://portal.example.com");

        await portal.Otp.SendAsync(
            new(EmailAddress.FromStored("ann@example.com"), Purpose.Login, Binding.None)
            {
                Channel = channel,
                Recipient = MobileNumber.FromStored("+447700900123"),
            },
            Cancel);
        var code = await portal.CodeForAsync("+447700900123");

        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, expected, code), portal.Inbox[0].Text);
    }

    [Fact]
    public async Task A_phone_template_for_a_notice_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "account_exists.phone.txt"), "Hello", Cancel);

        var fault = Assert.Single(TemplateFolder.Read(folder.FullName, "/").Faults);

        Assert.StartsWith("Email:TemplatesPath: account_exists.phone.txt means nothing.", fault, StringComparison.Ordinal);
    }
}
