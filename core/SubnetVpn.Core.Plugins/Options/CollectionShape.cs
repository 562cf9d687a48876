using System.Collections;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>A type of an options property that holds several values: a list, a set, or a map from names.</summary>
/// <param name="Element">The type of one value.</param>
/// <param name="IsMap">Whether the values have names.</param>
/// <param name="Create">Makes the collection from names (null for lists) and values.</param>
internal sealed record CollectionShape(Type Element, bool IsMap, Func<IReadOnlyList<(string? Name, object? Value)>, object> Create)
{
    /// <summary>The shape of a type; null when it is no collection that options may have.</summary>
    /// <param name="type">The type of the property.</param>
    public static CollectionShape? Of(Type type)
    {
        if (type.IsArray)
        {
            var element = type.GetElementType()!;
            return new CollectionShape(element, false, values => FillArray(element, values));
        }
        if (!type.IsGenericType || type.Namespace != "System.Collections.Generic")
            return null;
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 2 && arguments[0] == typeof(string) && Accepts(type, typeof(Dictionary<,>), arguments))
            return new CollectionShape(arguments[1], true, values => FillMap(typeof(Dictionary<,>).MakeGenericType(arguments), values));
        if (arguments.Length != 1)
            return null;
        if (Accepts(type, typeof(List<>), arguments))
            return new CollectionShape(arguments[0], false, values => FillList(typeof(List<>).MakeGenericType(arguments), values));
        if (Accepts(type, typeof(HashSet<>), arguments))
            return new CollectionShape(arguments[0], false, values => FillSet(typeof(HashSet<>).MakeGenericType(arguments), arguments[0], values));
        return null;
    }

    private static bool Accepts(Type type, Type concrete, Type[] arguments) => type.IsAssignableFrom(concrete.MakeGenericType(arguments));

    private static Array FillArray(Type element, IReadOnlyList<(string? Name, object? Value)> values)
    {
        var array = Array.CreateInstance(element, values.Count);
        for (var index = 0; index < values.Count; index++)
            array.SetValue(values[index].Value, index);
        return array;
    }

    private static IList FillList(Type type, IReadOnlyList<(string? Name, object? Value)> values)
    {
        var list = (IList)Activator.CreateInstance(type)!;
        foreach (var (_, value) in values)
            list.Add(value);
        return list;
    }

    private static IDictionary FillMap(Type type, IReadOnlyList<(string? Name, object? Value)> values)
    {
        var map = (IDictionary)Activator.CreateInstance(type)!;
        foreach (var (name, value) in values)
            map[name!] = value;
        return map;
    }

    private static object FillSet(Type type, Type element, IReadOnlyList<(string? Name, object? Value)> values) =>
        Activator.CreateInstance(type, FillArray(element, values))!;
}
