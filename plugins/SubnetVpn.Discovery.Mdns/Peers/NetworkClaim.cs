using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SubnetVpn.Discovery.Mdns.Peers;

/// <summary>
/// What a node says of itself beside its multiaddresses, in a text of its own that other libp2p nodes skip:
/// <c>subnetvpn=NETWORK;10.0.0.2,fd00::2</c>. A subnet behind it is written with its length, <c>192.168.7.0/24</c>.
/// </summary>
/// <param name="Network">The name of the network.</param>
/// <param name="Prefixes">What it claims there.</param>
internal sealed record NetworkClaim(string Network, IReadOnlyList<IpPrefix> Prefixes)
{
    /// <summary>Prefixes of one node.</summary>
    public const int MaxPrefixes = 8;

    private const string Key = "subnetvpn=";
    private const int MaxTextLength = byte.MaxValue;

    /// <summary>Whether a text is meant to be a claim.</summary>
    public static bool IsClaim(ReadOnlySpan<byte> text) => text.StartsWith("subnetvpn="u8);

    /// <summary>The text; prefixes that do not fit are left out.</summary>
    public byte[] ToText()
    {
        var text = new StringBuilder(Key).Append(Network).Append(';');
        var separator = "";
        foreach (var prefix in Prefixes.Take(MaxPrefixes))
        {
            var next = separator + (prefix.IsSingleAddress ? prefix.Address.ToString() : prefix.ToString());
            if (Encoding.UTF8.GetByteCount(text.ToString()) + next.Length > MaxTextLength)
                break;
            text.Append(next);
            separator = ",";
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads a claim. False when any part of it is wrong: a node that writes nonsense is not believed in part.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out NetworkClaim? claim)
    {
        claim = null;
        if (!IsClaim(text))
            return false;
        var value = Encoding.UTF8.GetString(text)[Key.Length..];
        var separator = value.LastIndexOf(';');
        if (separator <= 0)
            return false;
        var parts = value[(separator + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaxPrefixes)
            return false;
        var prefixes = new List<IpPrefix>(parts.Length);
        foreach (var part in parts)
        {
            if (!IpPrefix.TryParse(part, out var prefix))
                return false;
            if (!prefixes.Contains(prefix))
                prefixes.Add(prefix);
        }
        claim = new NetworkClaim(value[..separator], prefixes);
        return true;
    }
}
