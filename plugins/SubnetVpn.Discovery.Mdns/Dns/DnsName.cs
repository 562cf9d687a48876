using System.Text;

namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>A domain name: its labels, whose characters are bytes. Compared without regard to the case of ASCII letters (RFC 6762, 16).</summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    /// <summary>Bytes of a name on the wire, with the lengths of its labels and the final zero (RFC 1035, 3.1).</summary>
    public const int MaxWireLength = 255;

    /// <summary>Bytes of a label (RFC 1035, 3.1).</summary>
    public const int MaxLabelLength = 63;

    private readonly string[] _labels;
    private readonly string _key;

    /// <param name="labels">The labels, from the most particular on.</param>
    /// <exception cref="ArgumentException">A label or the whole is empty or too long, or has characters that are no bytes.</exception>
    public DnsName(params string[] labels)
    {
        var length = 1;
        foreach (var label in labels)
        {
            if (label.Length is 0 or > MaxLabelLength || label.AsSpan().ContainsAnyExceptInRange('\0', '\xff'))
                throw new ArgumentException($"'{label}' is not a label of a domain name.", nameof(labels));
            length += label.Length + 1;
        }
        if (length > MaxWireLength)
            throw new ArgumentException($"The name has {length} bytes, more than {MaxWireLength}.", nameof(labels));
        _labels = labels;
        _key = KeyOf(labels);
    }

    public IReadOnlyList<string> Labels => _labels;

    /// <summary>Reads a name whose labels have no dots in them, such as <c>_p2p._udp.local</c>.</summary>
    public static DnsName Parse(string text) => new(text.Split('.'));

    /// <summary>The name that has one more label in front.</summary>
    public DnsName Prepend(string label) => new([label, .. _labels]);

    /// <summary>Whether this name is another with one label in front.</summary>
    public bool IsChildOf(DnsName parent) =>
        _labels.Length == parent._labels.Length + 1 && string.Equals(KeyOf(_labels.AsSpan(1)), parent._key, StringComparison.Ordinal);

    public bool Equals(DnsName? other) => other is not null && string.Equals(_key, other._key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode() => string.GetHashCode(_key, StringComparison.Ordinal);

    public override string ToString() => string.Join('.', _labels);

    /// <summary>What is the same exactly for names that are the same: labels behind their lengths, in lower case.</summary>
    internal static string KeyOf(ReadOnlySpan<string> labels)
    {
        var key = new StringBuilder();
        foreach (var label in labels)
        {
            key.Append((char)label.Length);
            foreach (var character in label)
                key.Append(character is >= 'A' and <= 'Z' ? (char)(character | 0x20) : character);
        }
        return key.ToString();
    }
}
