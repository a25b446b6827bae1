using System.Text.RegularExpressions;
using OtpPortal.Tests.Support;

namespace OtpPortal.E2E.Support;

/// <summary>The mails of a portal in Production, and the codes in them.</summary>
internal static partial class MailedCodes
{
    /// <summary>The mails that arrived for an address, oldest first.</summary>
    public static IReadOnlyList<ReceivedMail> MailsTo(this PublishedPortal portal, string address) =>
        [.. portal.Mail.Accepted.Where(mail => mail.To.Any(to => to.Contains($"<{address}>", StringComparison.OrdinalIgnoreCase)))];

    /// <summary>The codes that arrived for an address, oldest first.</summary>
    public static IReadOnlyList<string> CodesFor(this PublishedPortal portal, string address) =>
        [.. portal.MailsTo(address).Select(CodeIn).OfType<string>()];

    /// <summary>The newest code mailed to an address, once there are as many as expected.</summary>
    public static async Task<string> CodeForAsync(this PublishedPortal portal, string address, int count = 1)
    {
        await portal.UntilAsync(() => portal.CodesFor(address).Count >= count, $"no code number {count} arrived for {address}");
        return portal.CodesFor(address)[^1];
    }

    /// <summary>The code in a mail, or null.</summary>
    public static string? CodeIn(ReceivedMail mail)
    {
        var plain = mail.Parts().First(part => part.Type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase));
        return Code().Match(plain.Text) is { Success: true } code ? code.Groups["code"].Value : null;
    }

    [GeneratedRegex(@"^(?<code>[0-9]{6,20})\s*$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
