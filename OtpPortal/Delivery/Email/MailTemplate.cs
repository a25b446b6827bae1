using OtpPortal.Data;
using OtpPortal.Delivery.Email.Templates;

namespace OtpPortal.Delivery.Email;

/// <summary>The template of one kind of mail, and what files may replace of it.</summary>
/// <param name="Name">The name of its files: <c>register</c> for <c>register.txt</c>.</param>
/// <param name="Body">The Razor template of both parts.</param>
/// <param name="Subject">The subject, with placeholders.</param>
/// <param name="Placeholders">The placeholders that a file may use.</param>
internal sealed record MailTemplate(string Name, Type Body, string Subject, IReadOnlyList<string> Placeholders)
{
    private static readonly string[] OfCode = [
        MailModel.CodeName, MailModel.LifetimeName, MailModel.RequestedAtName, MailModel.RequestedFromName];

    private static readonly string[] OfNotice = [MailModel.RequestedAtName, MailModel.RequestedFromName];

    public static IReadOnlyList<MailTemplate> All { get; } =
    [
        new("register", typeof(RegisterMail), "{{code}} is your verification code", OfCode),
        new("login", typeof(LoginMail), "{{code}} is your sign-in code", OfCode),
        new("forgot_password", typeof(ForgotPasswordMail), "{{code}} is your password reset code", OfCode),
        new("account_exists", typeof(AccountExistsMail), "You already have an account", OfNotice),
        new("password_changed", typeof(PasswordChangedMail), "Your password was changed", [MailModel.RequestedAtName]),
        new("mobile_moved", typeof(MobileMovedMail), "Your mobile number was moved to another account", [MailModel.RequestedAtName]),
        new("wrong_codes", typeof(WrongCodesMail), "Wrong codes were entered for your account", OfNotice),
    ];

    /// <summary>Whether the mail contains a code.</summary>
    public bool HasCode => Placeholders.Contains(MailModel.CodeName, StringComparer.Ordinal);

    public static MailTemplate For(OutboxMessage message)
    {
        var name = message.Kind switch
        {
            MessageKind.Code => message.Purpose,
            MessageKind.AccountExists => "account_exists",
            MessageKind.PasswordChanged => "password_changed",
            MessageKind.WrongCodes => "wrong_codes",
            MessageKind.MobileMoved => "mobile_moved",
            _ => null,
        };
        return All.FirstOrDefault(template => template.Name == name)
            ?? throw new InvalidOperationException($"There is no template for {message.Kind} {message.Purpose}.");
    }
}
