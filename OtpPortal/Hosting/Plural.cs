using System.Globalization;

namespace OtpPortal.Hosting;

/// <summary>A number with its noun.</summary>
internal static class Plural
{
    /// <summary>"1 minute", "2 minutes". Only for nouns whose plural ends with s.</summary>
    public static string Of(double count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
