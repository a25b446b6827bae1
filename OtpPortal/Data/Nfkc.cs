using System.Text;

namespace OtpPortal.Data;

/// <summary>Unicode compatibility normalisation of what strangers type.</summary>
internal static class Nfkc
{
    /// <summary>The text in normalisation form KC (UAX #15), or null if it is no Unicode text (a lone surrogate).</summary>
    public static string? Normalise(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
