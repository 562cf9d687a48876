using System.Reflection;
using System.Runtime.CompilerServices;

namespace SubnetVpn.Architecture.Tests.PublicApi;

/// <summary>The public API of an assembly as text: sorted, one type or member a line, without nullability.</summary>
internal static class ApiDump
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) =>
        string.Join('\n', assembly.GetExportedTypes().SelectMany(LinesOf).Order(StringComparer.Ordinal)) + "\n";

    private static IEnumerable<string> LinesOf(Type type)
    {
        var name = SignatureText.OfType(type);
        yield return $"{name} : {KindOf(type)}{string.Concat(BasesOf(type).Select(super => ", " + super))}";
        if (type.IsEnum)
        {
            foreach (var member in Enum.GetNames(type))
                yield return $"{name}.{member} = {Convert.ToInt64(Enum.Parse(type, member), System.Globalization.CultureInfo.InvariantCulture)}";
            yield break;
        }
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return $"{name}.Invoke{SignatureText.OfParameters(type.GetMethod("Invoke")!)}";
            yield break;
        }
        foreach (var member in type.GetMembers(Declared).Where(IsPublic))
            if (SignatureText.OfMember(member) is { } line)
                yield return $"{name}.{line}";
    }

    private static string KindOf(Type type)
    {
        if (type.IsEnum)
            return $"enum {SignatureText.OfType(type.GetEnumUnderlyingType())}";
        if (type.IsInterface)
            return "interface";
        if (typeof(Delegate).IsAssignableFrom(type))
            return "delegate";
        if (type.IsValueType)
            return (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + "struct";
        return type switch
        {
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
    }

    private static List<string> BasesOf(Type type)
    {
        if (type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
            return [];
        var bases = new List<string>();
        if (type.BaseType is { } super && super != typeof(object) && super != typeof(ValueType))
            bases.Add(SignatureText.OfType(super));
        bases.AddRange(type.GetInterfaces().Where(static super => super.IsPublic).Select(SignatureText.OfType).Order(StringComparer.Ordinal));
        return bases;
    }

    // What users of the assembly can see: public, or protected in a class that can be inherited from.
    private static bool IsPublic(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || (!method.DeclaringType!.IsSealed && (method.IsFamily || method.IsFamilyOrAssembly)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsPublic),
        EventInfo changed => IsPublic(changed.AddMethod!),
        FieldInfo field => field.IsPublic || (!field.DeclaringType!.IsSealed && (field.IsFamily || field.IsFamilyOrAssembly)),
        _ => false,
    };
}
