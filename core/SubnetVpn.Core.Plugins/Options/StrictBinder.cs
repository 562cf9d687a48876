using Microsoft.Extensions.Configuration;

namespace SubnetVpn.Core.Plugins.Options;

/// <summary>
/// Binds sections of the configuration to options classes, strictly: keys are the property names in snake case, an unknown
/// key is a mistake that names the nearest known one, values and data annotations are checked all the way down, and every
/// mistake is reported, not the first alone.
/// </summary>
/// <remarks>
/// <para>Options classes have a parameterless constructor, properties with setters (or <c>init</c>), and defaults in the
/// properties. What the configuration does not mention keeps its default; <c>required</c> and <c>[Required]</c> properties
/// must be mentioned. Lists, sets and maps replace their default. A single value stands for a list of one.</para>
/// <para>Property types: text, numbers, <c>bool</c>, enums (members in snake case), <see cref="TimeSpan"/> (see
/// <see cref="DurationText"/>), any type with a static <c>Parse(string)</c>, further options classes, arrays and the lists,
/// sets and string-keyed maps of System.Collections.Generic. Another type is the caller's bug and throws.</para>
/// </remarks>
public static class StrictBinder
{
    /// <summary>Binds a section.</summary>
    /// <typeparam name="T">The options class.</typeparam>
    /// <param name="section">The section; paths in mistakes are full paths.</param>
    /// <param name="mistakes">Receives the mistakes; nothing is added when all is well.</param>
    /// <param name="otherKeys">Keys of this section that somebody else reads: not unknown, not bound.</param>
    /// <returns>The options; only fit for use when no mistake was added.</returns>
    /// <exception cref="NotSupportedException">The class has a property of a type that cannot be bound, or no parameterless constructor.</exception>
    public static T Bind<T>(IConfigurationSection section, ICollection<ConfigurationMistake> mistakes, IReadOnlyCollection<string>? otherKeys = null) where T : class =>
        (T)Bind(typeof(T), section, mistakes, otherKeys);

    /// <summary>Binds a section to a type that is known at run time only.</summary>
    /// <param name="type">The options class.</param>
    /// <param name="section">The section; paths in mistakes are full paths.</param>
    /// <param name="mistakes">Receives the mistakes; nothing is added when all is well.</param>
    /// <param name="otherKeys">Keys of this section that somebody else reads: not unknown, not bound.</param>
    /// <returns>The options; only fit for use when no mistake was added.</returns>
    /// <exception cref="NotSupportedException">The class has a property of a type that cannot be bound, or no parameterless constructor.</exception>
    public static object Bind(Type type, IConfigurationSection section, ICollection<ConfigurationMistake> mistakes, IReadOnlyCollection<string>? otherKeys = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(mistakes);
        return new BindingRun(mistakes).BindObject(type, section, otherKeys ?? []);
    }

    /// <summary>The keys that an options class knows at its top level.</summary>
    /// <param name="type">The options class.</param>
    public static IReadOnlyList<string> KeysOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return [.. OptionsProperty.AllOf(type).Select(static property => property.Key)];
    }
}
