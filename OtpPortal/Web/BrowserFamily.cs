namespace OtpPortal.Web;

/// <summary>
/// The kind of browser that sent a request, as text for the receiver of a code. The text comes only from the lists below, so that nothing
/// from a stranger's User-Agent gets into a mail.
/// </summary>
internal static class BrowserFamily
{
    /// <summary>The family of an unknown browser.</summary>
    public const string Unknown = "an unknown program";

    // The first match wins. Browsers claim to be their predecessors, so that newer names come before older ones.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"),
        ("OPR/", "Opera"), ("OPT/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Chromium/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"),
        ("Windows", "Windows"), ("Macintosh", "Mac"), ("Linux", "Linux"),
    ];

    /// <summary>The family of a User-Agent (RFC 9110 §10.1.5): "Chrome on Android", "Firefox", or <see cref="Unknown"/>.</summary>
    public static string Of(string? userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        (null, _) => Unknown,
        (var browser, null) => browser,
        var (browser, system) => $"{browser} on {system}",
    };

    private static string? Find((string Mark, string Name)[] known, string? userAgent) =>
        userAgent is null ? null : known.FirstOrDefault(entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;
}
