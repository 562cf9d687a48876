using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>
/// A network address that describes itself: <c>/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…</c> (libp2p specification,
/// <c>addressing/README.md</c>). Immutable; never empty.
/// </summary>
public sealed partial class Multiaddr : IEquatable<Multiaddr>
{
    /// <summary>The longest address that is read, in bytes. Real ones, with two certificate hashes and a relay, stay below 300.</summary>
    public const int MaxLength = 1024;

    // A byte takes at most three characters of text (a port, a number).
    private const int MaxTextLength = 3 * MaxLength;

    private readonly byte[] _bytes;
    private readonly MultiaddrComponent[] _components;
    private string? _text;

    private Multiaddr(byte[] bytes, MultiaddrComponent[] components)
    {
        _bytes = bytes;
        _components = components;
    }

    /// <summary>The binary form.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    internal ReadOnlySpan<MultiaddrComponent> Components => _components;

    /// <summary>Parses the text form.</summary>
    /// <exception cref="FormatException">The text is no multiaddr; the message says why.</exception>
    public static Multiaddr Parse(string text) =>
        TryParse(text, out var address, out var error) ? address : throw new FormatException(error);

    /// <summary>Parses the text form; <paramref name="error"/> says what is wrong with it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Multiaddr? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        if (text is null || text.Length > MaxTextLength)
        {
            error = text is null ? "An address is missing." : $"An address of {text.Length} characters is too long.";
            return false;
        }

        var reason = MultiaddrTextReader.TryRead(text, out var bytes);
        if (reason is null && !TryDecode(bytes, out address))
        {
            reason = "it is too long";
        }

        error = reason is null ? null : $"'{text}' is no multiaddr: {reason}.";
        return address is not null;
    }

    /// <summary>Parses the binary form, taking a copy; false when it is malformed, too long, or holds a protocol that we do not know.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Multiaddr? address)
    {
        address = null;
        if (bytes.Length > MaxLength)
        {
            return false;
        }

        var copy = bytes.ToArray();
        var components = new List<MultiaddrComponent>();
        if (!MultiaddrReader.TryRead(copy, components))
        {
            return false;
        }

        address = new Multiaddr(copy, [.. components]);
        return true;
    }

    /// <summary>The text form.</summary>
    public override string ToString() => _text ??= Format();

    public bool Equals(Multiaddr? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as Multiaddr);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    private string Format()
    {
        var text = new StringBuilder();
        foreach (var component in _components)
        {
            text.Append('/').Append(component.Protocol.Name);
            if (component.Protocol.Size != 0)
            {
                // A path brings its own slash.
                text.Append(component.Protocol.Value.TakesRestOfText ? string.Empty : "/").Append(component.Text);
            }
        }

        return text.ToString();
    }
}
