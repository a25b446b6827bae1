using System.Collections.Frozen;
using OtpPortal.Data;

namespace OtpPortal.Otp;

/// <summary>
/// The mailbox behind an address. Many addresses can reach one mailbox, and its owner receives the sum of their messages.
/// </summary>
internal static class Mailbox
{
    /// <summary>The maximum number of messages to one mailbox in an hour, over all purposes.</summary>
    public const int PerHour = 10;

    /// <summary>The maximum number of messages to one mailbox in a day, over all purposes.</summary>
    public const int PerDay = 40;

    // Providers that deliver j.o.e@ and joe@ to the same mailbox, each with one name for all of its domains.
    private static readonly FrozenDictionary<string, string> IgnoresDots = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["gmail.com"] = "gmail.com",
        ["googlemail.com"] = "gmail.com",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The limit of messages to the mailbox of an identifier.</summary>
    /// <param name="identifier">A mobile number counts as a mailbox of its own.</param>
    public static SendLimit LimitOf(Identifier identifier) => new($"mailbox:{KeyOf(identifier)}", PerHour, PerDay);

    /// <summary>The limit of notices of one kind to the mailbox of an identifier.</summary>
    public static SendLimit NoticeLimitOf(string kind, Identifier identifier) =>
        new($"notice:{kind}:{KeyOf(identifier)}", PerHour: 1, PerDay: 24);

    /// <summary>
    /// The address without the parts that providers ignore: the tag after a plus (RFC 5233), and dots where the provider is known to ignore
    /// them.
    /// </summary>
    public static string KeyOf(Identifier identifier)
    {
        if (identifier is not EmailAddress)
        {
            return identifier.Value;
        }

        var at = identifier.Value.LastIndexOf('@');
        var (local, domain) = (identifier.Value[..at], identifier.Value[(at + 1)..]);
        var tag = local.IndexOf('+', StringComparison.Ordinal);
        local = tag > 0 ? local[..tag] : local;
        return IgnoresDots.TryGetValue(domain, out var provider)
            ? $"{local.Replace(".", "", StringComparison.Ordinal)}@{provider}"
            : $"{local}@{domain}";
    }
}
