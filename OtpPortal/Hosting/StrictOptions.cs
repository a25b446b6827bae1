using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace OtpPortal.Hosting;

/// <summary>Reads the sections of the configuration. Every value is checked at start, and an unknown key stops the portal.</summary>
internal static class StrictOptions
{
    public static OptionsBuilder<T> AddStrictOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(
        this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(new StrictSection(section, typeof(T)));
        return services.AddOptions<T>().BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>Checks that every key of the sections is known, and that its value can be read.</summary>
    /// <exception cref="StartupException">All errors, each with the key, its value and what is allowed.</exception>
    public static void CheckConfiguration(this IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var faults = services.GetServices<StrictSection>()
            .SelectMany(section => Faults(configuration.GetSection(section.Name), section.Type))
            .ToList();
        if (faults.Count > 0)
        {
            throw new StartupException(string.Join("\n  ", faults));
        }
    }

    /// <summary>Whether a property of this type is a section within the section.</summary>
    internal static bool IsNested(Type type) => type.IsClass && type.Namespace!.StartsWith(nameof(OtpPortal), StringComparison.Ordinal);

    private static IEnumerable<string> Faults(IConfigurationSection section, Type type)
    {
        var properties = type.GetProperties().Where(property => property.CanWrite)
            .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var key in section.GetChildren())
        {
            if (!properties.TryGetValue(key.Key, out var property))
            {
                yield return $"{key.Path} means nothing. Allowed in {section.Path}: {string.Join(", ", properties.Keys)}.";
                continue;
            }

            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsNested(kind))
            {
                foreach (var fault in Faults(key, kind))
                {
                    yield return fault;
                }
            }
            else if (key.Value is { } value && !CanRead(kind, value))
            {
                yield return $"{key.Path} is \"{value}\". Allowed: {Allowed(kind)}.";
            }
        }
    }

    private static bool CanRead(Type kind, string value)
    {
        try
        {
            return TypeDescriptor.GetConverter(kind).ConvertFromString(null, CultureInfo.InvariantCulture, value) is { } read
                && (!kind.IsEnum || Enum.IsDefined(kind, read));
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return false;
        }
    }

    private static string Allowed(Type kind) => kind switch
    {
        { IsEnum: true } => string.Join(" or ", Enum.GetNames(kind)),
        _ when kind == typeof(TimeSpan) => "a time as hours:minutes:seconds, like 00:05:00",
        _ when kind == typeof(bool) => "true or false",
        _ => "a whole number",
    };

    private sealed record StrictSection(string Name, Type Type);
}
