using Google.Protobuf;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Encoding;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Protos;
using PublicKey = SubnetVpn.Libp2p.Keys.PublicKey;

namespace SubnetVpn.Libp2p.Identify;

/// <summary>Makes and takes identify messages, without I/O.</summary>
internal static class IdentifyMessage
{
    /// <summary>
    /// Our message with its length in front. At most 4 KiB: of many addresses and protocols, the last are left out.
    /// </summary>
    public static byte[] Write(
        PublicKey key, IEnumerable<Multiaddr> addresses, IEnumerable<string> protocols, Multiaddr? observed, string protocolVersion, string agentVersion)
    {
        var message = new Protos.Identify
        {
            PublicKey = UnsafeByteOperations.UnsafeWrap(key.ToProtobuf()),
            ProtocolVersion = Cut(protocolVersion),
            AgentVersion = Cut(agentVersion),
        };
        if (observed is not null)
        {
            message.ObservedAddr = UnsafeByteOperations.UnsafeWrap(observed.Bytes);
        }

        message.ListenAddrs.AddRange(addresses.Take(IdentifyConstants.MaxAddresses).Select(static address => UnsafeByteOperations.UnsafeWrap(address.Bytes)));
        message.Protocols.AddRange(protocols.Take(IdentifyConstants.MaxProtocols));
        while (Length(message) > IdentifyConstants.MaxSentBytes && message.ListenAddrs.Count + message.Protocols.Count > 0)
        {
            if (message.ListenAddrs.Count > 8 || message.Protocols.Count == 0)
            {
                message.ListenAddrs.RemoveAt(message.ListenAddrs.Count - 1);
            }
            else
            {
                message.Protocols.RemoveAt(message.Protocols.Count - 1);
            }
        }

        var buffer = new byte[Length(message)];
        int prefix = Uvarint.Write(buffer, (ulong)message.CalculateSize());
        message.WriteTo(buffer.AsSpan(prefix));
        return buffer;
    }

    /// <summary>Adds what a message says to <paramref name="known"/>. False when it is malformed or names another key than the peer's.</summary>
    public static bool TryMerge(ReadOnlySpan<byte> bytes, PeerInfo known, out PeerInfo merged)
    {
        merged = known;
        if (!Protos.Identify.Parser.TryParse(bytes, out Protos.Identify? message))
        {
            return false;
        }

        if (message.HasPublicKey &&
            (!PublicKey.TryFromProtobuf(message.PublicKey.Span, out PublicKey? key) || PeerId.FromPublicKey(key) != known.Peer))
        {
            return false;
        }

        // What a message leaves out stays as it was.
        merged = known with
        {
            AgentVersion = message.HasAgentVersion ? Cut(message.AgentVersion) : known.AgentVersion,
            ProtocolVersion = message.HasProtocolVersion ? Cut(message.ProtocolVersion) : known.ProtocolVersion,
            Protocols = message.Protocols.Count > 0
                ? [.. message.Protocols.Take(IdentifyConstants.MaxProtocols)]
                : known.Protocols,
            ListenAddresses = message.ListenAddrs.Count > 0
                ? [.. message.ListenAddrs.Take(IdentifyConstants.MaxAddresses).Select(Decode).OfType<Multiaddr>()]
                : known.ListenAddresses,
            ObservedAddress = message.HasObservedAddr ? Decode(message.ObservedAddr) : known.ObservedAddress,
        };
        return true;
    }

    private static int Length(Protos.Identify message)
    {
        int size = message.CalculateSize();
        return Uvarint.Length((ulong)size) + size;
    }

    private static string Cut(string version) =>
        version.Length <= IdentifyConstants.MaxVersionLength ? version : version[..IdentifyConstants.MaxVersionLength];

    /// <summary>An address that we cannot read is skipped, never the whole message.</summary>
    private static Multiaddr? Decode(ByteString bytes) => Multiaddr.TryDecode(bytes.Span, out Multiaddr? address) ? address : null;
}
