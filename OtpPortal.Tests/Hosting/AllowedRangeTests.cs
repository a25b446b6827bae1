using System.Reflection;
using OtpPortal.Hosting;

namespace OtpPortal.Tests.Hosting;

public sealed class AllowedRangeTests
{
    public static TheoryData<Type> Sections => [.. typeof(AllowedRangeAttribute).Assembly.GetTypes()
        .Where(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true })];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_number_and_time_of_the_configuration_has_a_range_that_allows_its_default(Type section)
    {
        var options = Activator.CreateInstance(section)!;

        Assert.Empty(WithoutRange(section));
        Assert.Empty(AllowedRangeAttribute.Faults(section.Name, options));
    }

    [Fact]
    public void A_value_out_of_range_is_named_with_what_is_allowed_also_in_nested_options()
    {
        var options = new Outer { Number = 0, Inner = new Inner { Time = TimeSpan.FromDays(2) } };

        Assert.Equal(
            ["Outer:Number is 0. Allowed: 1 to 3, or none.", "Outer:Inner:Time is 2.00:00:00. Allowed: 00:00:01 to 1.00:00:00."],
            AllowedRangeAttribute.Faults("Outer", options));
    }

    private static IEnumerable<string> WithoutRange(Type type)
    {
        foreach (var property in type.GetProperties().Where(property => property.CanWrite))
        {
            if (StrictOptions.IsNested(property.PropertyType))
            {
                foreach (var nested in WithoutRange(property.PropertyType))
                {
                    yield return nested;
                }
            }
            else if ((property.PropertyType == typeof(int) || property.PropertyType == typeof(TimeSpan))
                && property.GetCustomAttribute<AllowedRangeAttribute>()?.Minimum.GetType() != property.PropertyType)
            {
                yield return $"{type.Name}.{property.Name}";
            }
        }
    }

    private sealed class Outer
    {
        [AllowedRange(1, 3, Hint = ", or none")]
        public int Number { get; init; }

        public Inner Inner { get; init; } = new();
    }

    private sealed class Inner
    {
        [AllowedRange("00:00:01", "1.00:00:00")]
        public TimeSpan Time { get; init; }
    }
}
