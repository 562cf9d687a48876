using System.Buffers.Binary;
using SubnetVpn.Libp2p.Crypto;
using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>
/// The libp2p handshake over XX, without I/O: identities travel in the payloads of messages 2 and 3, each signed over
/// the sender's Noise key (libp2p specs, noise/README.md); so do the multiplexers each side speaks
/// (connections/inlined-muxer-negotiation.md). Whole frames, with their length, go in and come out.
/// </summary>
internal sealed partial class NoiseHandshake : IDisposable
{
    private readonly XxHandshake _xx;
    private readonly ILocalIdentity _identity;
    private readonly NoiseOffer _offer;
    private readonly PeerId? _expected;

    public NoiseHandshake(ILocalIdentity identity, PeerId? expected, NoiseOffer offer)
    {
        _identity = identity;
        _expected = expected;
        _offer = offer;

        // A static key of its own for every connection: nothing links them, and nothing needs to be kept.
        _xx = new XxHandshake(X25519KeyPair.Generate(), X25519KeyPair.Generate(), []);
    }

    /// <summary>Who the peer is. Set once its payload was accepted.</summary>
    public PeerId RemotePeer { get; private set; }

    /// <summary>Who answered instead of the peer that was dialled.</summary>
    public PeerId? RejectedPeer { get; private set; }

    public PublicKey? RemoteKey { get; private set; }

    /// <summary>What the peer offered; nothing when it does not negotiate here.</summary>
    public NoiseOffer RemoteOffer { get; private set; } = NoiseOffer.None;

    /// <summary>What encrypts behind the handshake, once it is over.</summary>
    public NoiseCipherSuite Suite { get; private set; }

    /// <summary>What the two ends have in common and no other connection has: the hash of all that was exchanged. A copy.</summary>
    public ReadOnlyMemory<byte> Hash => _xx.Hash.ToArray();

    public void Dispose() => _xx.Dispose();

    private static Memory<byte> Frame(byte[] buffer, int messageLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)messageLength);
        return buffer.AsMemory(0, NoiseConstants.LengthBytes + messageLength);
    }

    private NoiseFailure Accept(byte[] payload)
    {
        NoiseFailure failure = NoisePayload.TryRead(payload, _xx.RemoteStatic, out PublicKey? key, out NoiseOffer offer);
        if (failure != NoiseFailure.None)
        {
            return failure;
        }

        PeerId peer = PeerId.FromPublicKey(key!);
        if (_expected is { } expected && peer != expected)
        {
            RejectedPeer = peer;
            return NoiseFailure.WrongPeer;
        }

        RemotePeer = peer;
        RemoteKey = key;
        RemoteOffer = offer;
        return NoiseFailure.None;
    }
}
