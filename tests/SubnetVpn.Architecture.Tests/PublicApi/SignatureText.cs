using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SubnetVpn.Architecture.Tests.PublicApi;

/// <summary>Signatures as text.</summary>
internal static class SignatureText
{
    /// <summary>A member without its type's name; null for what the compiler makes by itself, such as accessors and the members of records.</summary>
    public static string? OfMember(MemberInfo member)
    {
        if (member.IsDefined(typeof(CompilerGeneratedAttribute)))
            return null;
        return member switch
        {
            ConstructorInfo constructor => constructor.IsStatic ? null : $"new{OfParameters(constructor)}",
            MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => null,
            MethodInfo method => $"{ModifiersOf(method)}{method.Name}{OfGenerics(method)}{OfParameters(method)} -> {OfType(method.ReturnType)}",
            PropertyInfo property => OfProperty(property),
            EventInfo changed => $"{ModifiersOf(changed.AddMethod!)}event {changed.Name} -> {OfType(changed.EventHandlerType!)}",
            FieldInfo { IsLiteral: true } field => $"const {field.Name} = {OfValue(field.GetRawConstantValue())} -> {OfType(field.FieldType)}",
            FieldInfo field => $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}field {field.Name} -> {OfType(field.FieldType)}",
            _ => null,
        };
    }

    /// <summary>The parameters of a method, with brackets.</summary>
    public static string OfParameters(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(OfParameter))})";

    /// <summary>A type by its full name; generic arguments in angle brackets.</summary>
    public static string OfType(Type type)
    {
        if (type.IsGenericParameter)
            return type.Name;
        if (type.IsByRef)
            return OfType(type.GetElementType()!) + "&";
        if (type.IsArray)
            return $"{OfType(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer)
            return OfType(type.GetElementType()!) + "*";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return OfType(underlying) + "?";
        var name = type.IsNested ? $"{OfType(type.DeclaringType!)}.{type.Name}" : $"{type.Namespace}.{type.Name}";
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(OfType))}>" : name;
    }

    private static string OfProperty(PropertyInfo property)
    {
        var setter = property.SetMethod;
        var isInit = setter?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var accessors = (property.GetMethod is { IsPrivate: false, IsAssembly: false } ? "get; " : "") + (setter is { IsPrivate: false, IsAssembly: false } ? isInit ? "init; " : "set; " : "");
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(OfParameter))}]" : "";
        return $"{ModifiersOf(property.GetAccessors(nonPublic: true)[0])}{required}{property.Name}{index} {{ {accessors}}} -> {OfType(property.PropertyType)}";
    }

    private static string ModifiersOf(MethodInfo method)
    {
        var isOverride = method.GetBaseDefinition() != method;
        var protection = method.IsPublic ? "" : "protected ";
        if (method.IsStatic)
            return protection + (method.IsAbstract ? "static abstract " : "static ");
        if (method.DeclaringType!.IsInterface)
            return method.IsAbstract ? "" : "default ";
        if (isOverride)
            return protection + "override ";
        return protection + (method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "");
    }

    private static string OfGenerics(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
            return "";
        var arguments = method.GetGenericArguments();
        return $"<{string.Join(", ", arguments.Select(OfType))}>" + string.Concat(arguments.Select(OfConstraints));
    }

    private static string OfConstraints(Type argument)
    {
        var attributes = argument.GenericParameterAttributes;
        var constraints = argument.GetGenericParameterConstraints().Where(static type => type != typeof(ValueType)).Select(OfType).ToList();
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
            constraints.Insert(0, "class");
        if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
            constraints.Insert(0, "struct");
        else if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
            constraints.Add("new()");
        return constraints.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", constraints)} ";
    }

    private static string OfParameter(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        var way = !type.IsByRef ? parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : ""
            : parameter.IsOut ? "out " : parameter.IsDefined(typeof(IsReadOnlyAttribute)) || parameter.GetRequiredCustomModifiers().Length > 0 ? "in " : "ref ";
        var byValue = type.IsByRef ? type.GetElementType()! : type;
        var receiver = parameter.Position == 0 && parameter.Member.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{receiver}{way}{OfType(byValue)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + OfValue(parameter.DefaultValue) : "")}";
    }

    private static string OfValue(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
