using Google.Protobuf;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Protos;
using PublicKey = SubnetVpn.Libp2p.Keys.PublicKey;

namespace SubnetVpn.Libp2p.Noise;

/// <summary>The payload of messages 2 and 3: who the sender is, proof of it, and the multiplexers it speaks.</summary>
internal static class NoisePayload
{
    /// <summary>A longer list is not looked at, as in go-libp2p.</summary>
    private const int MaxMuxers = 100;

    public static byte[] Write(ILocalIdentity identity, ReadOnlySpan<byte> staticKey, IReadOnlyList<string> muxers)
    {
        var payload = new NoiseHandshakePayload
        {
            IdentityKey = UnsafeByteOperations.UnsafeWrap(identity.PublicKey.ToProtobuf()),
            IdentitySig = UnsafeByteOperations.UnsafeWrap(identity.Sign(SignedBytes(staticKey))),
        };
        if (muxers.Count > 0)
        {
            payload.Extensions = new NoiseExtensions();
            payload.Extensions.StreamMuxers.AddRange(muxers);
        }

        return payload.ToByteArray();
    }

    public static NoiseFailure TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> staticKey, out PublicKey? key, out IReadOnlyList<string> muxers)
    {
        key = null;
        muxers = [];
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

        if (payload.Extensions is { StreamMuxers: { Count: > 0 and <= MaxMuxers } offered })
        {
            muxers = [.. offered];
        }

        return NoiseFailure.None;
    }

    private static byte[] SignedBytes(ReadOnlySpan<byte> staticKey) =>
        [.. NoiseConstants.SignaturePrefix, .. staticKey];
}
