using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using SubnetVpn.Libp2p.Protos;

namespace SubnetVpn.Libp2p.Keys;

/// <summary>A peer's identity key (libp2p specification, <c>peer-ids/peer-ids.md</c>). Immutable; a value of this type is a key that can verify.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    private readonly byte[] _data;

    private PublicKey(KeyType type, byte[] data)
    {
        Type = type;
        _data = data;
    }

    /// <summary>What kind of key it is.</summary>
    public KeyType Type { get; }

    /// <summary>The key in the form of its kind: 32 bytes for Ed25519, a compressed point for secp256k1, else SubjectPublicKeyInfo in DER.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    /// <summary>Takes a copy of <paramref name="data"/> if it is a key of that kind that we accept.</summary>
    public static bool TryCreate(KeyType type, ReadOnlySpan<byte> data, [NotNullWhen(true)] out PublicKey? key)
    {
        key = SignatureVerifier.IsAcceptable(type, data) ? new PublicKey(type, data.ToArray()) : null;
        return key is not null;
    }

    /// <summary>Parses a <c>PublicKey</c> message; false when it is malformed, or a key that we do not accept.</summary>
    public static bool TryFromProtobuf(ReadOnlySpan<byte> source, [NotNullWhen(true)] out PublicKey? key)
    {
        key = null;
        return Protos.PublicKey.Parser.TryParse(source, out var message) && message is { HasType: true, HasData: true } &&
            TryCreate((KeyType)message.Type, message.Data.Span, out key);
    }

    /// <summary>The <c>PublicKey</c> message, always the same bytes for one key: both fields, in order, also when the type is zero.</summary>
    public byte[] ToProtobuf() =>
        new Protos.PublicKey { Type = (Protos.KeyType)Type, Data = UnsafeByteOperations.UnsafeWrap(_data) }.ToByteArray();

    /// <summary>Whether <paramref name="signature"/> over <paramref name="message"/> was made with the private half of this key.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        SignatureVerifier.Verify(Type, _data, message, signature);

    public bool Equals(PublicKey? other) => other is not null && Type == other.Type && _data.AsSpan().SequenceEqual(other._data);

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Type);
        hash.AddBytes(_data);
        return hash.ToHashCode();
    }

    /// <summary>The kind and the id, never the bytes.</summary>
    public override string ToString() => $"{Type} {PeerId.FromPublicKey(this)}";
}
