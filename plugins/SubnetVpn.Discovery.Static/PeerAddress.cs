using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SubnetVpn.Discovery.Static;

/// <summary>
/// A multiaddress whose shape was checked, without knowing every protocol of every transport: what is known must be right,
/// what is not known is the transport's business.
/// </summary>
internal readonly struct PeerAddress
{
    private const int MaxLength = 1024;
    private readonly string _text;

    private PeerAddress(string text, string? peer) => (_text, Peer) = (text, peer);

    /// <summary>The peer id that it names, or null.</summary>
    public string? Peer { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="text">For example <c>/ip4/198.18.0.2/tcp/4001</c>.</param>
    /// <exception cref="FormatException">It is none; the message says what is wrong with it.</exception>
    public static PeerAddress Parse(string text)
    {
        if (text.Length is 0 or > MaxLength || text[0] != '/' || text.AsSpan().ContainsAnyInRange('\0', ' '))
            throw new FormatException("is not a multiaddress such as /ip4/198.18.0.2/tcp/4001.");
        var parts = text[1..].Split('/');
        if (parts.Contains(""))
            throw new FormatException("is not a multiaddress: a part between two slashes is empty.");
        string? peer = null;
        for (var i = 0; i < parts.Length; i++)
        {
            // Behind a relay (/p2p/RELAY/p2p-circuit/p2p/PEER) only what follows the circuit names the peer.
            if (parts[i] == "p2p-circuit")
                peer = null;
            if (!HasValue(parts[i]))
                continue;
            if (i + 1 == parts.Length)
                throw new FormatException($"is not a multiaddress: /{parts[i]} lacks its value.");
            CheckValue(parts[i], parts[i + 1]);
            if (parts[i] == "p2p")
                peer = parts[i + 1];
            i++;
        }
        return new PeerAddress(text, peer);
    }

    public override string ToString() => _text;

    private static bool HasValue(string name) => name is "ip4" or "ip6" or "dns" or "dns4" or "dns6" or "dnsaddr" or "tcp" or "udp" or "p2p" or "memory";

    private static void CheckValue(string name, string value)
    {
        var mistake = name switch
        {
            "ip4" when !IsAddress(value, AddressFamily.InterNetwork) => "an IPv4 address",
            "ip6" when !IsAddress(value, AddressFamily.InterNetworkV6) => "an IPv6 address",
            "tcp" or "udp" when !IsPort(value) => "a port from 1 to 65535",
            "p2p" when !PeerId.TryParse(value, out _) => "a peer id such as 12D3KooW…",
            _ => null,
        };
        if (mistake is not null)
            throw new FormatException($"is not a multiaddress: '{value}' behind /{name} is not {mistake}.");
    }

    private static bool IsAddress(string value, AddressFamily family) => VirtualIp.TryParse(value, out _) && IPAddress.Parse(value).AddressFamily == family;

    private static bool IsPort(string value) => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != 0;
}
