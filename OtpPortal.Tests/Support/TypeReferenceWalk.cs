using System.Reflection;
using System.Reflection.Emit;

namespace OtpPortal.Tests.Support;

/// <summary>Collects what the members of one type use.</summary>
internal sealed class TypeReferenceWalk(Type type)
{
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => code.Value);

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
}
