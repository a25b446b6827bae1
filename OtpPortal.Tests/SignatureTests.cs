using System.Reflection;
using System.Runtime.CompilerServices;
using OtpPortal.Data;

namespace OtpPortal.Tests;

/// <summary>Habits that every signature of the portal follows.</summary>
public sealed class SignatureTests
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static IEnumerable<MethodInfo> Methods => from type in typeof(PortalDbContext).Assembly.GetTypes()
                                                      where type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
                                                      from method in type.GetMethods(Declared)
                                                      where !method.Name.Contains('<', StringComparison.Ordinal)
                                                      select method;

    [Fact]
    public void The_cancellation_token_is_the_last_parameter() => Assert.Empty(
        from method in Methods
        let parameters = method.GetParameters()
        where parameters.SkipLast(1).Any(parameter => parameter.ParameterType == typeof(CancellationToken))
        select $"{method.DeclaringType}.{method.Name}");

    [Fact]
    public void An_identifier_is_passed_as_such_and_not_as_text() => Assert.Empty(
        from method in Methods
        from parameter in method.GetParameters()
        where parameter.ParameterType == typeof(string) && parameter.Name is "identifier" or "identifiers"
        where method.DeclaringType != typeof(OtpPortal.Otp.OtpCodesSql)
        select $"{method.DeclaringType}.{method.Name}({parameter.Name})");
}
