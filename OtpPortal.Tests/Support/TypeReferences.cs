using System.Reflection;

namespace OtpPortal.Tests.Support;

/// <summary>Which types of the portal a type uses: in its signatures, and in the code of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The types that are used, generic arguments and elements of arrays by themselves.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var walk = new TypeReferenceWalk(type);
        walk.Add(type.BaseType);
        Array.ForEach(type.GetInterfaces(), walk.Add);
        foreach (var attribute in type.CustomAttributes)
        {
            walk.Add(attribute.AttributeType);
        }

        foreach (var member in type.GetMembers(Declared))
        {
            walk.AddMember(member);
        }

        walk.Found.Remove(type);
        return walk.Found;
    }
}
