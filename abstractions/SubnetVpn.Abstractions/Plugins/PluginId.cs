using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace SubnetVpn.Plugins;

/// <summary>
/// The id of a plugin, such as <c>discovery.static</c>: parts of lower-case letters, digits and <c>-</c>, joined by
/// dots; at most 64 characters. Also the name of its folder and of its section in the configuration.
/// </summary>
public readonly struct PluginId : IEquatable<PluginId>
{
    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _text;

    private PluginId(string text) => _text = text;

    /// <summary>Reads an id.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is no plugin id.</exception>
    public static PluginId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a plugin id: expected lower-case letters, digits, '-' and '.', such as discovery.static.");

    /// <summary>Reads an id; false when the text is none.</summary>
    /// <param name="text">The text; null is no id.</param>
    /// <param name="id">The id, or <c>default</c>.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out PluginId id)
    {
        id = default;
        if (text is null || text.Length is 0 or > 64)
            return false;
        foreach (var part in text.Split('.'))
            if (part.Length == 0 || part[0] == '-' || part[^1] == '-' || part.AsSpan().ContainsAnyExcept(s_allowed))
                return false;
        id = new PluginId(text);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(PluginId other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PluginId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>The text; empty for <c>default</c>.</summary>
    public override string ToString() => _text ?? string.Empty;

    /// <summary>Whether two ids are the same.</summary>
    public static bool operator ==(PluginId left, PluginId right) => left.Equals(right);

    /// <summary>Whether two ids differ.</summary>
    public static bool operator !=(PluginId left, PluginId right) => !left.Equals(right);
}
