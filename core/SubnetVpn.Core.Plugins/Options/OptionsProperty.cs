using System.Reflection;
using System.Runtime.CompilerServices;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>A property of an options class that the configuration may set.</summary>
internal sealed class OptionsProperty
{
    private OptionsProperty(PropertyInfo property)
    {
        Property = property;
        Key = KeyName.Of(property);
        var nullability = new NullabilityInfoContext().Create(property);
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        MayBeNull = nullability.WriteState == NullabilityState.Nullable;
        ElementMayBeNull = (nullability.ElementType ?? nullability.GenericTypeArguments.LastOrDefault())?.WriteState == NullabilityState.Nullable;
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
    }

    public PropertyInfo Property { get; }

    public string Key { get; }

    /// <summary>The type, for nullable value types the one beneath.</summary>
    public Type Type { get; }

    public bool MayBeNull { get; }

    public bool ElementMayBeNull { get; }

    /// <summary>Whether it is a <c>required</c> member of C#.</summary>
    public bool IsRequired { get; }

    /// <summary>The properties of an options class, in the order of declaration: those with a public getter and setter (or <c>init</c>).</summary>
    public static IReadOnlyList<OptionsProperty> AllOf(Type type)
    {
        var properties = new List<OptionsProperty>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.GetIndexParameters().Length == 0 && property.GetMethod is { IsPublic: true } && property.SetMethod is { IsPublic: true })
                properties.Add(new OptionsProperty(property));
        return properties;
    }
}
