using Google.Protobuf;
using Google.Protobuf.Collections;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Protos;
using PublicKey = SubnetVpn.Libp2p.Keys.PublicKey;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>The payload of messages 2 and 3: who the sender is, proof of it, and what it can do.</summary>
internal static class NoisePayload
{
    /// <summary>A longer list is not looked at, as in go-libp2p.</summary>
    private const int MaxNames = 100;

    public static byte[] Write(ILocalIdentity identity, ReadOnlySpan<byte> staticKey, NoiseOffer offer)
    {
        var payload = new NoiseHandshakePayload
        {
            IdentityKey = UnsafeByteOperations.UnsafeWrap(identity.PublicKey.ToProtobuf()),
            IdentitySig = UnsafeByteOperations.UnsafeWrap(identity.Sign(SignedBytes(staticKey))),
        };
        if (offer.Muxers.Count > 0 || offer.Ciphers.Count > 0)
        {
            payload.Extensions = new NoiseExtensions();
            payload.Extensions.StreamMuxers.AddRange(offer.Muxers);
            payload.Extensions.TransportCiphers.AddRange(offer.Ciphers);
        }

        return payload.ToByteArray();
    }

    public static NoiseFailure TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> staticKey, out PublicKey? key, out NoiseOffer offer)
    {
        key = null;
        offer = NoiseOffer.None;
        if (!NoiseHandshakePayload.Parser.TryParse(bytes, out NoiseHandshakePayload? payload) || !payload.HasIdentityKey || !payload.HasIdentitySig)
        {
            return NoiseFailure.Malformed;
        }

        if (!PublicKey.TryFromProtobuf(payload.IdentityKey.Span, out key))
        {
            return NoiseFailure.UnacceptableIdentity;
        }

        if (!key.Verify(SignedBytes(staticKey), payload.IdentitySig.Span))
        {
            return NoiseFailure.BadSignature;
        }

        if (payload.Extensions is { } extensions)
        {
            offer = new NoiseOffer(Names(extensions.StreamMuxers), Names(extensions.TransportCiphers));
        }

        return NoiseFailure.None;
    }

    private static string[] Names(RepeatedField<string> offered) => offered.Count <= MaxNames ? [.. offered] : [];

    private static byte[] SignedBytes(ReadOnlySpan<byte> staticKey) =>
        [.. NoiseConstants.SignaturePrefix, .. staticKey];
}
