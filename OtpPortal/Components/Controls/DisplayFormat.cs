using System.Globalization;

namespace OtpPortal.Components.Controls;

/// <summary>Figures as text.</summary>
internal static class DisplayFormat
{
    /// <summary>The text for a missing figure.</summary>
    public const string None = "–";

    // The separator is a narrow no-break space (ISO 80000-1), which no reader takes for a decimal sign.
    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = "\u202f" };

    private static readonly (double Size, string Unit)[] Units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];

    /// <summary>"1 234 567".</summary>
    public static string Count(long count) => count.ToString("#,0", Grouped);

    /// <summary>"1.2 M", for places with little room.</summary>
    public static string Rough(long count)
    {
        var (size, unit) = Units.FirstOrDefault(unit => count >= unit.Size);
        return unit is null
            ? Count(count)
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count / size * 10) / 10:0.#}\u202f{unit}");
    }

    /// <summary>"98.7 %".</summary>
    public static string Percent(double? percent) => percent is { } value ? value.ToString("#,0.#", Grouped) + "\u202f%" : None;

    /// <summary>"820 ms", "4.2 s", "1 min 20 s", "2 h 5 min".</summary>
    public static string Time(double? milliseconds)
    {
        if (milliseconds is not { } ms)
        {
            return None;
        }

        var seconds = (long)Math.Round(ms / 1000);
        FormattableString text = ms switch
        {
            < 999.5 => $"{ms:0}\u202fms",
            < 9950 => $"{ms / 1000:0.0}\u202fs",
            _ when seconds < 60 => $"{seconds}\u202fs",
            _ when seconds < 3600 => $"{seconds / 60}\u202fmin {seconds % 60}\u202fs",
            _ => $"{seconds / 3600}\u202fh {seconds / 60 % 60}\u202fmin",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The label of a purpose.</summary>
    public static string Purpose(string name) => name switch
    {
        "register" => "Registration",
        "login" => "Sign-in",
        "forgot_password" => "Password reset",
        _ => name,
    };
}
