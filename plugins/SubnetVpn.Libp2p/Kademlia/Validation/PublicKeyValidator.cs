using SubnetVpn.Libp2p.Keys;

namespace SubnetVpn.Libp2p.Kademlia.Validation;

/// <summary>The namespace <c>pk</c>: under <c>/pk/</c> and the bytes of a peer id stands the public key of that peer.</summary>
internal sealed class PublicKeyValidator : IRecordValidator
{
    public const string Namespace = "pk";

    private static ReadOnlySpan<byte> Prefix => "/pk/"u8;

    public bool Validate(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) =>
        key.Span.StartsWith(Prefix)
        && PeerId.TryFromBytes(key.Span[Prefix.Length..], out PeerId peer)
        && PublicKey.TryFromProtobuf(value.Span, out PublicKey? publicKey)
        && PeerId.FromPublicKey(publicKey) == peer;

    // Only one value is valid.
    public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values) => 0;
}
