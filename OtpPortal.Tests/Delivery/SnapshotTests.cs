using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Delivery.Email;
using OtpPortal.Delivery.Twilio;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>
/// What every mail says, to the letter. <c>RENEW_SNAPSHOTS=1</c> writes the files anew; read their diff before you commit
/// it.
/// </summary>
public sealed class SnapshotTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "OtpPortal.Tests", "Delivery", "Snapshots");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("register", MessageKind.Code, "register", 5)]
    [InlineData("login", MessageKind.Code, "login", 5)]
    [InlineData("forgot_password", MessageKind.Code, "forgot_password", 10)]
    [InlineData("account_exists", MessageKind.AccountExists, "register", 1440)]
    [InlineData("password_changed", MessageKind.PasswordChanged, null, 1440)]
    [InlineData("wrong_codes", MessageKind.WrongCodes, null, 1440)]
    [InlineData("mobile_moved", MessageKind.MobileMoved, null, 1440)]
    public async Task A_mail_says_what_its_snapshot_says(string name, MessageKind kind, string? purpose, int minutes)
    {
        var now = portal.Clock!.GetUtcNow();
        var message = new OutboxMessage
        {
            Id = 7,
            Kind = kind,
            Purpose = purpose,
            Channel = "email",
            Email = "ann@example.com",
            Recipient = "ann@example.com",
            RequestedFrom = "Firefox on Windows",
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(minutes),
        };

        var mail = await portal.Services.GetRequiredService<MailRenderer>().RenderAsync(message, "123456");

        await CompareAsync($"{name}.subject.txt", mail.Subject + "\n");
        await CompareAsync($"{name}.txt", mail.Text);
        await CompareAsync($"{name}.html", mail.Html);
    }

    [Theory]
    [InlineData("register", 5)]
    [InlineData("login", 5)]
    [InlineData("forgot_password", 10)]
    public async Task A_text_to_a_phone_says_what_its_snapshot_says(string purpose, int minutes)
    {
        var now = portal.Clock!.GetUtcNow();
        var message = new OutboxMessage
        {
            Id = 7,
            Purpose = purpose,
            Channel = Channels.Sms,
            Email = "ann@example.com",
            Recipient = "+447700900123",
            RequestedFrom = "Firefox on Windows",
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(minutes),
        };

        var texts = $"{SmsText.Sms(message, "123456", "portal.example.com")}\n\n--- WhatsApp ---\n{SmsText.WhatsApp(message, "123456", "portal.example.com")}\n";
        await CompareAsync($"{purpose}.phone.txt", texts);
    }

    [Fact]
    public void Every_kind_of_mail_has_its_snapshots()
    {
        var expected = MailTemplate.All.SelectMany(template => TemplateFolder.Ending.Of(template).Select(ending => template.Name + ending));

        Assert.Equal(
            expected.Order(StringComparer.Ordinal), Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static async Task CompareAsync(string name, string actual)
    {
        var file = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("RENEW_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(file, actual, Cancel);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, Cancel), actual);
    }
}
