namespace OtpPortal.Web;

/// <summary>
/// What kind of browser sent a request, in words for the receiver of a code. The words come from the lists below and nowhere else:
/// what a stranger writes into his User-Agent reaches no mail.
/// </summary>
public static class BrowserFamily
{
    /// <summary>What nobody knows.</summary>
    public const string Unknown = "an unknown program";

    // The first that is found. Browsers claim to be their ancestors, so the younger stand before the older.
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
