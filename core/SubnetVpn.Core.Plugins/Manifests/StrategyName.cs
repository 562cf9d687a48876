using SubnetVpn.Core.Plugins.Options;
using SubnetVpn.Plugins;

namespace SubnetVpn.Core.Plugins.Manifests;

/// <summary>What a strategy is selected by: its kind and its name, <c>discovery:dht</c> as text.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name in the configuration.</param>
public readonly record struct StrategyName(StrategyKind Kind, string Name)
{
    /// <summary>The kinds as they are written, in lower case.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetNames<StrategyKind>().Select(KeyName.Of)];

    /// <summary>Reads <c>kind:name</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it names, or <c>default</c>.</param>
    public static bool TryParse(string? text, out StrategyName name)
    {
        name = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 0 || !IsName(text![(colon + 1)..]))
            return false;
        foreach (var kind in Enum.GetValues<StrategyKind>())
        {
            if (KeyName.Of(kind.ToString()) != text[..colon])
                continue;
            name = new StrategyName(kind, text[(colon + 1)..]);
            return true;
        }
        return false;
    }

    /// <summary>Whether a text may name a strategy: the rules of plugin ids.</summary>
    /// <param name="name">The text.</param>
    public static bool IsName(string? name) => PluginId.TryParse(name, out _);

    /// <inheritdoc/>
    public override string ToString() => $"{KeyName.Of(Kind.ToString())}:{Name}";
}
