using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Data;
using OtpPortal.Delivery.Email;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Delivery;

/// <summary>Files that say something else than the built-in mails do; and what is wrong with them, by file and line.</summary>
public sealed class TemplateFolderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("otpportal-templates-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Only_the_files_of_the_template_folder_override()
    {
        Write("login.subject.txt", "  Ihr Code: {{code}} \n");
        Write("login.txt", "\uFEFF{{code}}\r\ngilt {{lifetime}}, seit {{ asked_at }}, {{asked_from}}. }} {\n");

        var login = await RenderAsync(MessageKind.Code, "login");
        var register = await RenderAsync(MessageKind.Code, "register");

        Assert.Equal("Ihr Code: 12<b>6", login.Subject);
        Assert.Equal("12<b>6\ngilt 5 minutes, seit 1 March 2026 at 12:00 UTC, Firefox on {{code}}. }} {\n", login.Text);
        Assert.Contains("Your sign-in code", login.Html, StringComparison.Ordinal);
        Assert.Equal("12<b>6 is your verification code", register.Subject);
    }

    [Fact]
    public async Task Values_are_escaped_in_HTML_templates()
    {
        Write("login.html", "<style>@media print{p{color:red}}</style><p>{{code}}</p>\n");

        var mail = await RenderAsync(MessageKind.Code, "login");

        Assert.Equal("<style>@media print{p{color:red}}</style><p>12&lt;b&gt;6</p>\n", mail.Html);
        Assert.StartsWith("12<b>6 is your sign-in code", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_notice_can_be_overridden_by_a_template()
    {
        Write("wrong_codes.txt", "{{asked_from}} {{asked_at}}");

        Assert.Equal("Firefox on {{code}} 1 March 2026 at 12:00 UTC", (await RenderAsync(MessageKind.WrongCodes, null)).Text);
    }

    [Theory]
    [InlineData("register.html", "<p>\n{{code}}\n{{cod}}",
        "register.html, line 3: {{cod}} means nothing. Allowed: {{code}}, {{lifetime}}, {{asked_at}}, {{asked_from}}.")]
    [InlineData("register.txt", "{{code}}\r\n\r\n{{Lifetime}}", "register.txt, line 3: {{Lifetime}} means nothing. Allowed: {{code}}")]
    [InlineData("register.txt", "{{code}} {{}}", "register.txt, line 1: {{}} means nothing.")]
    [InlineData("register.txt", "{{code}}\n{{lifetime\n}}", "register.txt, line 2: {{ has no }} behind it in this line. Allowed:")]
    [InlineData("register.txt", "{{code}}\n{{lifetime}", "register.txt, line 2: {{ has no }} behind it in this line. Allowed:")]
    [InlineData("login.subject.txt", "Your code", "login.subject.txt, line 1: the file has no {{code}}, and nobody could enter it.")]
    [InlineData("forgot_password.html", "<p>Hello", "forgot_password.html, line 1: the file has no {{code}}, and nobody could enter it.")]
    [InlineData(
        "account_exists.txt", "{{code}}", "account_exists.txt, line 1: {{code}} means nothing. Allowed: {{asked_at}}, {{asked_from}}.")]
    [InlineData(
        "password_changed.txt", "{{asked_from}}", "password_changed.txt, line 1: {{asked_from}} means nothing. Allowed: {{asked_at}}.")]
    [InlineData("wrong_codes.txt", " \n", "wrong_codes.txt, line 1: it is empty. Allowed: text, or no such file.")]
    [InlineData("login.subject.txt", "{{code}}\nBcc: all@example.com",
        "login.subject.txt, line 2: a subject is one line without control characters.")]
    [InlineData("login.subject.txt", "{{code}}\u0000", "login.subject.txt, line 1: a subject is one line without control characters.")]
    [InlineData("Login.txt", "{{code}}",
        "Login.txt means nothing. Allowed: a name of register, login, forgot_password, account_exists, password_changed, mobile_moved, "
            + "wrong_codes, with an ending of .subject.txt, .txt, .html, or for a code .phone.txt.")]
    [InlineData("login.htm", "{{code}}", "login.htm means nothing.")]
    public void A_broken_template_is_named_with_its_file_and_line(string file, string text, string fault)
    {
        Write(file, text);

        Assert.StartsWith("Email:TemplatesPath: " + fault, Assert.Single(Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_a_template_that_are_not_UTF_8_are_named_with_their_line()
    {
        File.WriteAllBytes(
            Path.Combine(folder.FullName, "login.txt"), [.. "{{code}}\ngr"u8, .. Encoding.Latin1.GetBytes("üße"), .. "\nend"u8]);

        Assert.Equal(
            "Email:TemplatesPath: login.txt, line 2: there are bytes that are not UTF-8. Allowed: text in UTF-8.", Assert.Single(Faults()));
    }

    [Fact]
    public void A_template_that_cannot_be_read_is_named()
    {
        folder.CreateSubdirectory("login.txt");
        Assert.Equal("Email:TemplatesPath: login.txt cannot be read. Allowed: a file that the portal may read.", Assert.Single(Faults()));

        var missing = TemplateFolder.Read("no/such", folder.FullName).Faults;
        Assert.Equal(
            $"Email:TemplatesPath is \"no/such\", and {folder.FullName}/no/such cannot be read. Allowed: a folder that is there and that "
                + "the portal may read.",
            Assert.Single(missing));
    }

    [Fact]
    public void All_faults_of_the_templates_are_named_at_once()
    {
        Write("login.txt", "{{a}}\n{{b}}");
        Write("register.html", "");
        Write("readme.md", "");

        Assert.Equal(5, Faults().Count);
    }

    [Fact]
    public void A_hidden_file_in_the_template_folder_is_ignored()
    {
        Write(".DS_Store", "");
        folder.CreateSubdirectory("..data");

        Assert.Empty(Faults());
    }

    private IReadOnlyList<string> Faults() => TemplateFolder.Read(folder.Name, folder.Parent!.FullName).Faults;

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(folder.FullName, file), text);

    private async Task<OutgoingMail> RenderAsync(MessageKind kind, string? purpose)
    {
        await using var portal = new PortalHost().With("Email:TemplatesPath", folder.FullName);
        var now = portal.Clock!.GetUtcNow();
        var message = new OutboxMessage
        {
            Kind = kind,
            Purpose = purpose,
            Channel = "email",
            Email = "ann@example.com",
            Recipient = "ann@example.com",
            RequestedFrom = "Firefox on {{code}}",
            CreatedAt = now,
            ExpiresAt = now.AddMinutes(5),
        };
        return await portal.Services.GetRequiredService<MailRenderer>().RenderAsync(message, "12<b>6");
    }
}
