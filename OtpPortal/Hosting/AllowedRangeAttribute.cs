using System.Globalization;
using System.Reflection;

namespace OtpPortal.Hosting;

/// <summary>The smallest and the largest allowed value of a key of the configuration. It stands beside the default.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedRangeAttribute : Attribute
{
    public AllowedRangeAttribute(int minimum, int maximum) => (Minimum, Maximum) = (minimum, maximum);

    /// <summary>A range of times, each written as <c>days.hours:minutes:seconds</c>.</summary>
    public AllowedRangeAttribute(string minimum, string maximum) =>
        (Minimum, Maximum) = (TimeSpan.Parse(minimum, CultureInfo.InvariantCulture), TimeSpan.Parse(maximum, CultureInfo.InvariantCulture));

    public IComparable Minimum { get; }

    public IComparable Maximum { get; }

    /// <summary>What the error adds to the range, with the punctuation before it.</summary>
    public string Hint { get; set; } = "";

    /// <summary>The errors of all values of <paramref name="options"/>, and of the options within them, that are out of range.</summary>
    /// <param name="section">The section of the configuration that holds the options.</param>
    /// <param name="options">The options.</param>
    /// <returns>Sentences with the key, its value and what is allowed.</returns>
    public static IEnumerable<string> Faults(string section, object options)
    {
        foreach (var property in options.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var key = $"{section}:{property.Name}";
            if (property.GetCustomAttribute<AllowedRangeAttribute>() is { } range)
            {
                if (range.Describe(key, property.GetValue(options)!) is { } fault)
                {
                    yield return fault;
                }
            }
            else if (StrictOptions.IsNested(property.PropertyType))
            {
                foreach (var fault in Faults(key, property.GetValue(options)!))
                {
                    yield return fault;
                }
            }
        }
    }

    private string? Describe(string key, object value) => Minimum.CompareTo(value) <= 0 && Maximum.CompareTo(value) >= 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{key} is {value}. Allowed: {Minimum} to {Maximum}{Hint}.");
}
