using Microsoft.Extensions.Options;

namespace OtpPortal.Hosting;

/// <summary>The reasons why the portal cannot start, as text for the administrator.</summary>
internal static class StartupErrors
{
    /// <summary>The failure as text; null if neither the configuration nor the environment is the cause.</summary>
    public static string? Describe(Exception failure) => failure switch
    {
        StartupException => Format([failure.Message]),
        OptionsValidationException invalid => Format(invalid.Failures),
        AggregateException many when many.InnerExceptions.All(inner => inner is OptionsValidationException) =>
            Format(many.InnerExceptions.Cast<OptionsValidationException>().SelectMany(inner => inner.Failures)),
        InvalidDataException or FormatException => Format([failure.Message]),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            Format([$"{failure.Message} Stop the other program, or choose another address with --urls http://localhost:PORT."]),
        _ => null,
    };

    private static string Format(IEnumerable<string> faults) =>
        $"OtpPortal cannot start:\n{string.Join('\n', faults.Select(fault => "  " + fault))}";
}
