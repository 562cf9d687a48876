using SimpleBase;

namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>
/// The identity of a node: an Ed25519 key, and the peer id that follows from it (libp2p specification,
/// <c>peer-ids/peer-ids.md</c>). Thread-safe. Holds the private key until it is disposed of; never shows it.
/// </summary>
public sealed class NodeIdentity : INodeIdentity, IDisposable
{
    private readonly Ed25519SigningKey _key;
    private readonly byte[] _publicKey;

    internal NodeIdentity(Ed25519SigningKey key)
    {
        _key = key;

        // PublicKey message: 08 01 | 12 20 | key. The id is its identity multihash: 00 | 24 (36 bytes) | message.
        _publicKey = [0x08, 0x01, 0x12, Ed25519SigningKey.PublicKeyLength, .. key.PublicKey.Span];
        Id = PeerId.Parse(Base58.Bitcoin.Encode([0x00, (byte)_publicKey.Length, .. _publicKey]));
    }

    /// <inheritdoc/>
    public PeerId Id { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    internal Ed25519SigningKey Key => _key;

    /// <summary>Makes a new identity that is kept nowhere: for tests, and for nodes whose name does not matter.</summary>
    /// <exception cref="IdentityException"><see cref="IdentityFault.CryptoUnavailable"/>.</exception>
    public static NodeIdentity Generate() => new(Ed25519SigningKey.Generate());

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> data) => _key.Sign(data);

    /// <summary>Wipes the private key.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>The peer id.</summary>
    public override string ToString() => Id.ToString();
}
