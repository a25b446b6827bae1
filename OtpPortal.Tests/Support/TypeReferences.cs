using System.Reflection;
using System.Reflection.Emit;

namespace OtpPortal.Tests.Support;

/// <summary>Which types of the portal a type uses: in its signatures, and in the code of its methods.</summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

    /// <summary>The types that are used, generic arguments and elements of arrays by themselves.</summary>
    public static IReadOnlySet<Type> Of(Type type)
    {
        var walk = new Walk(type);
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

    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? unchecked((short)(0xFE00 | code[at + 1])) : code[at];
            var operation = OpCodesByValue[value];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType)
            {
                yield return BitConverter.ToInt32(code, at);
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    /// <summary>Collects what the members of one type use.</summary>
    private sealed class Walk(Type type)
    {
        public HashSet<Type> Found { get; } = [];

        public void Add(Type? used)
        {
            if (used is null || used.IsGenericParameter)
            {
                return;
            }

            if (used.HasElementType)
            {
                Add(used.GetElementType());
                return;
            }

            if (used.IsConstructedGenericType)
            {
                Array.ForEach(used.GetGenericArguments(), Add);
                used = used.GetGenericTypeDefinition();
            }

            Found.Add(used);
        }

        public void AddMember(MemberInfo member)
        {
            switch (member)
            {
                case FieldInfo field:
                    Add(field.FieldType);
                    break;
                case PropertyInfo property:
                    Add(property.PropertyType);
                    break;
                case MethodBase method:
                    Array.ForEach(method.GetParameters(), parameter => Add(parameter.ParameterType));
                    Add((method as MethodInfo)?.ReturnType);
                    AddBody(method);
                    break;
            }
        }

        private void AddBody(MethodBase method)
        {
            if (method.GetMethodBody() is not { } body)
            {
                return;
            }

            foreach (var local in body.LocalVariables)
            {
                Add(local.LocalType);
            }

            var typeArguments = type.IsGenericType ? type.GetGenericArguments() : null;
            var methodArguments = method.IsGenericMethodDefinition ? method.GetGenericArguments() : null;
            foreach (var token in Tokens(body.GetILAsByteArray()!))
            {
                switch (type.Module.ResolveMember(token, typeArguments, methodArguments))
                {
                    case Type used:
                        Add(used);
                        break;
                    case { DeclaringType: { } owner } used:
                        Add(owner);
                        Array.ForEach((used as MethodInfo)?.GetGenericArguments() ?? [], Add);
                        break;
                }
            }
        }
    }
}
