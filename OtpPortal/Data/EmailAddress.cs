using System.Globalization;
using System.Text;

namespace OtpPortal.Data;

/// <summary>
/// An e-mail address in the form in which it is stored and compared: trimmed, NFKC, lower case. Only addresses that a person can have are
/// accepted: no quoted local parts, no comments, no address literals (RFC 5321 §4.1.2 allows them, mailboxes do not have them). The domain
/// stands in the form that the DNS compares (A-labels, RFC 5890 §2.3.2.1).
/// </summary>
public sealed record EmailAddress : Identifier
{
    /// <summary>RFC 5321 §4.5.3.1.3, less the angle brackets.</summary>
    public const int MaxLength = 254;

    /// <summary>RFC 5321 §4.5.3.1.1.</summary>
    private const int MaxLocalLength = 64;

    internal const string Example = "An address looks like ann@example.com.";

    private EmailAddress(string value)
        : base(value)
    {
    }

    /// <summary>Whether the domain has a dot: a name without one is a host of one's own network.</summary>
    public bool HasDottedDomain => Value.IndexOf('.', Value.LastIndexOf('@')) > 0;

    /// <summary>Reads what a person typed.</summary>
    /// <param name="typed">As typed.</param>
    /// <param name="error">What is wrong with it and what to do, or null.</param>
    public static EmailAddress? Parse(string? typed, out string? error)
    {
        var trimmed = typed?.Trim() ?? "";
        (var value, error) = trimmed switch
        {
            "" => (null, $"Enter your email address. {Example}"),
            { Length: > MaxLength } => (null, $"This address is longer than {MaxLength} characters. Check it."),
            _ => Normalise(trimmed),
        };
        return value is null ? null : new EmailAddress(value);
    }

    /// <summary>An address that was normalised before it was stored.</summary>
    public static new EmailAddress FromStored(string value) => new(value);

    private static (string? Value, string? Error) Normalise(string typed)
    {
        if (Nfkc.Normalise(typed) is not { } normalised)
        {
            return (null, $"This address contains characters that are not allowed. {Example}");
        }

        var at = typed.LastIndexOf('@');
        if (at < 1 || at == typed.Length - 1)
        {
            return (null, at < 0 ? $"This address has no @. {Example}" : $"Something is missing before or after the @. {Example}");
        }

        // A look-alike of @ or of the domain would make it the address of somebody else.
        var domain = typed[(at + 1)..];
        if (normalised.LastIndexOf('@') < 0 || !normalised.EndsWith('@' + domain, StringComparison.Ordinal) || normalised.Count('@') != 1)
        {
            return (null, normalised.Count('@') > 1
                ? $"This address has more than one @. {Example}"
                : "The part after the @ contains unusual characters. Use ordinary ones.");
        }

        // RFC 5321 §2.4 leaves the local part's case to its host; no host that matters tells ann from Ann.
        var local = normalised[..normalised.LastIndexOf('@')].ToLowerInvariant();
        domain = domain.ToLowerInvariant();
        if (!IsLocalPart(local))
        {
            return (null,
                $"The part before the @ is not valid: no spaces, brackets or quotes, no dot at either end, and at most {MaxLocalLength} "
                    + $"characters. {Example}");
        }

        // Stored in one form, so that two spellings of a domain are one address.
        return ToAscii(domain) is { } ascii && local.Length + 1 + ascii.Length <= MaxLength
            ? ($"{local}@{ascii}", null)
            : (null, $"The part after the @ is not a valid mail domain. {Example}");
    }

    // RFC 5322 §3.2.3 (dot-atom), with letters beyond ASCII as in RFC 6532.
    private static bool IsLocalPart(string local) =>
        local.Length <= MaxLocalLength
        && !local.StartsWith('.') && !local.EndsWith('.') && !local.Contains("..", StringComparison.Ordinal)
        && local.EnumerateRunes().All(rune => rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || "!#$%&'*+-/=?^_`{|}~.".Contains((char)rune.Value, StringComparison.Ordinal)
            : Rune.IsLetterOrDigit(rune)
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    // RFC 1035 §2.3.1 after the mapping of RFC 5891.
    private static string? ToAscii(string domain)
    {
        try
        {
            var mapping = new IdnMapping { UseStd3AsciiRules = true };
            var ascii = mapping.GetAscii(domain).ToLowerInvariant();

            // The mapping drops soft hyphens and the like and takes other dots for dots: such a spelling is refused, because it reads as
            // another domain.
            var isPlain = (ascii == domain || mapping.GetUnicode(ascii) == domain)
                && ascii.Length <= 253 && !ascii.EndsWith('.') && !ascii.Split('.').All(label => label.All(char.IsAsciiDigit));
            return isPlain ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
