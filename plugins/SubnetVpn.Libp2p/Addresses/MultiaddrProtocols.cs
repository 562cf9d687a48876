using System.Collections.Frozen;

namespace SubnetVpn.Libp2p.Addresses;

/// <summary>
/// The multiaddr table (multiformats/multiaddr, <c>protocols.csv</c>). It has more rows than we dial: peers tell us
/// addresses of all kinds, and we pass them on unharmed.
/// </summary>
internal static class MultiaddrProtocols
{
    public const int Ip4 = 4;
    public const int Tcp = 6;
    public const int Ip6 = 41;
    public const int Ip6Zone = 42;
    public const int Dns = 53;
    public const int Dns4 = 54;
    public const int Dns6 = 55;
    public const int DnsAddr = 56;
    public const int P2P = 421;
    public const int P2PCircuit = 290;

    private static readonly MultiaddrProtocol[] _table =
    [
        new(Ip4, "ip4", IpAddressValue.V4),
        new(Tcp, "tcp", IntegerValue.UInt16),
        new(33, "dccp", IntegerValue.UInt16),
        new(Ip6, "ip6", IpAddressValue.V6),
        new(Ip6Zone, "ip6zone", NameValue.Instance),
        new(43, "ipcidr", IntegerValue.UInt8),
        new(Dns, "dns", NameValue.Instance),
        new(Dns4, "dns4", NameValue.Instance),
        new(Dns6, "dns6", NameValue.Instance),
        new(DnsAddr, "dnsaddr", NameValue.Instance),
        new(132, "sctp", IntegerValue.UInt16),
        new(273, "udp", IntegerValue.UInt16),
        new(275, "p2p-webrtc-star", NoValue.Instance),
        new(276, "p2p-webrtc-direct", NoValue.Instance),
        new(277, "p2p-stardust", NoValue.Instance),
        new(280, "webrtc-direct", NoValue.Instance),
        new(281, "webrtc", NoValue.Instance),
        new(P2PCircuit, "p2p-circuit", NoValue.Instance),
        new(301, "udt", NoValue.Instance),
        new(302, "utp", NoValue.Instance),
        new(400, "unix", PathValue.Instance),
        new(P2P, "p2p", PeerIdValue.Instance),
        new(443, "https", NoValue.Instance),
        new(448, "tls", NoValue.Instance),
        new(449, "sni", NameValue.Instance),
        new(454, "noise", NoValue.Instance),
        new(460, "quic", NoValue.Instance),
        new(461, "quic-v1", NoValue.Instance),
        new(465, "webtransport", NoValue.Instance),
        new(466, "certhash", CertificateHashValue.Instance),
        new(477, "ws", NoValue.Instance),
        new(478, "wss", NoValue.Instance),
        new(479, "p2p-websocket-star", NoValue.Instance),
        new(480, "http", NoValue.Instance),
        new(777, "memory", IntegerValue.UInt64),
    ];

    private static readonly FrozenDictionary<int, MultiaddrProtocol> _byCode = _table.ToFrozenDictionary(protocol => protocol.Code);

    // "ipfs" is the old name of "p2p": read, never written.
    private static readonly FrozenDictionary<string, MultiaddrProtocol> _byName = _table
        .Select(protocol => KeyValuePair.Create(protocol.Name, protocol))
        .Append(KeyValuePair.Create("ipfs", _table.Single(protocol => protocol.Code == P2P)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyList<MultiaddrProtocol> All => _table;

    public static MultiaddrProtocol? Find(ulong code) => code <= int.MaxValue ? _byCode.GetValueOrDefault((int)code) : null;

    public static MultiaddrProtocol? Find(ReadOnlySpan<char> name) =>
        _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var protocol) ? protocol : null;
}
