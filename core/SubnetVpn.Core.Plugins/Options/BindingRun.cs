using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>One call of <see cref="StrictBinder"/>: walks section and type together and collects mistakes.</summary>
internal sealed class BindingRun(ICollection<ConfigurationMistake> mistakes)
{
    // Options classes are trees of a few levels; one that contains itself would go on for ever only if the configuration did.
    private readonly AnnotationCheck _annotations = new(mistakes);

    /// <summary>Makes an options object from a section; properties that the section does not mention keep their defaults.</summary>
    public object BindObject(Type type, IConfigurationSection section, IReadOnlyCollection<string> otherKeys)
    {
        object instance;
        try
        {
            instance = Activator.CreateInstance(type)!;
        }
        catch (MissingMethodException)
        {
            throw new NotSupportedException($"The options class {type} has no public parameterless constructor.");
        }
        BindInto(instance, section, otherKeys, isNew: true);
        return instance;
    }

    // An instance that is a property's default has its required members already: the compiler saw to it.
    private void BindInto(object instance, IConfigurationSection section, IReadOnlyCollection<string> otherKeys, bool isNew)
    {
        var properties = OptionsProperty.AllOf(instance.GetType());
        var children = section.GetChildren().ToDictionary(static child => child.Key, StringComparer.OrdinalIgnoreCase);
        if (children.Count == 0 && !string.IsNullOrEmpty(section.Value))
        {
            Add(section.Path, section.Value, "must be a map of keys and values.");
            return;
        }

        var broken = new HashSet<OptionsProperty>();
        foreach (var property in properties)
        {
            RequireSupported(instance.GetType(), property);
            var before = mistakes.Count;
            if (children.Remove(property.Key, out var child))
                BindProperty(instance, property, child);
            else if (property.IsRequired && isNew)
                Add(ConfigurationPath.Combine(section.Path, property.Key), null, AnnotationCheck.Missing);
            else if (IsOptionsClass(property.Type) && property.Property.GetValue(instance) is { } unmentioned)
                BindInto(unmentioned, section.GetSection(property.Key), [], isNew: false);
            if (mistakes.Count > before)
                broken.Add(property);
        }

        string[] known = [.. properties.Select(static property => property.Key).Union(otherKeys, StringComparer.OrdinalIgnoreCase)];
        foreach (var other in otherKeys)
            children.Remove(other);
        foreach (var unknown in children.Values)
            Add(unknown.Path, unknown.Value, $"is an unknown key. {NearestName.Advice(unknown.Key, known)}");

        _annotations.Check(instance, section, properties, broken);
    }

    private void BindProperty(object instance, OptionsProperty property, IConfigurationSection section)
    {
        if (IsOptionsClass(property.Type) && property.Property.GetValue(instance) is { } existing)
            BindInto(existing, section, [], isNew: false);
        else if (TryBindValue(property.Type, property.MayBeNull, property.ElementMayBeNull, section, out var value))
            property.Property.SetValue(instance, value);
    }

    private bool TryBindValue(Type type, bool mayBeNull, bool elementMayBeNull, IConfigurationSection section, out object? value)
    {
        value = null;
        if (ScalarText.IsScalar(type))
            return TryBindScalar(type, mayBeNull, section, out value);
        if (CollectionShape.Of(type) is { } shape)
            return shape.IsMap ? TryBindMap(shape, elementMayBeNull, section, out value) : TryBindList(shape, elementMayBeNull, section, out value);
        var before = mistakes.Count;
        value = BindObject(type, section, []);
        return mistakes.Count == before;
    }

    private bool TryBindScalar(Type type, bool mayBeNull, IConfigurationSection section, out object? value)
    {
        value = null;
        if (section.GetChildren().Any())
            return Add(section.Path, null, "must be a single value, not a list or a map.");
        if (section.Value is null || (section.Value.Length == 0 && type != typeof(string)))
            return mayBeNull || Add(section.Path, null, "has no value. Give it one, or remove the key.");
        (value, var rule) = ScalarText.Read(type, section.Value);
        return rule is null || Add(section.Path, section.Value, rule);
    }

    private bool TryBindList(CollectionShape shape, bool elementMayBeNull, IConfigurationSection section, out object? value)
    {
        value = null;
        var elementType = Nullable.GetUnderlyingType(shape.Element) ?? shape.Element;
        var items = new List<(int Index, IConfigurationSection Section)>();
        foreach (var child in section.GetChildren())
        {
            if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                return Add(section.Path, null, $"must be a list, not a map (it has the key '{child.Key}').");
            items.Add((index, child));
        }
        if (items.Count == 0 && !string.IsNullOrEmpty(section.Value))
        {
            if (!ScalarText.IsScalar(elementType))
                return Add(section.Path, section.Value, "must be a list.");
            items.Add((0, section));
        }

        items.Sort(static (left, right) => left.Index.CompareTo(right.Index));
        var values = new List<(string? Name, object? Value)>(items.Count);
        var well = true;
        foreach (var (_, item) in items)
        {
            well &= TryBindValue(elementType, elementMayBeNull, false, item, out var element);
            values.Add((null, element));
        }
        if (well)
            value = shape.Create(values);
        return well;
    }

    private bool TryBindMap(CollectionShape shape, bool elementMayBeNull, IConfigurationSection section, out object? value)
    {
        value = null;
        var elementType = Nullable.GetUnderlyingType(shape.Element) ?? shape.Element;
        var values = new List<(string? Name, object? Value)>();
        var well = true;
        foreach (var child in section.GetChildren())
        {
            well &= TryBindValue(elementType, elementMayBeNull, false, child, out var element);
            values.Add((child.Key, element));
        }
        if (values.Count == 0 && !string.IsNullOrEmpty(section.Value))
            return Add(section.Path, section.Value, "must be a map of names.");
        if (well)
            value = shape.Create(values);
        return well;
    }

    private static bool IsOptionsClass(Type type) => !ScalarText.IsScalar(type) && CollectionShape.Of(type) is null;

    // Told whether or not the configuration mentions the key: it is the author's bug, not the user's.
    private static void RequireSupported(Type owner, OptionsProperty property)
    {
        var type = property.Type;
        while (CollectionShape.Of(type) is { } shape)
            type = Nullable.GetUnderlyingType(shape.Element) ?? shape.Element;
        if (!ScalarText.IsScalar(type) && (!type.IsClass || type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true))
            throw new NotSupportedException($"The property {property.Property.Name} of the options class {owner} has the type {property.Property.PropertyType}, which cannot be bound.");
    }

    private bool Add(string path, string? value, string message)
    {
        mistakes.Add(new ConfigurationMistake(path, value, message));
        return false;
    }
}
