namespace SubnetVpn;

/// <summary>
/// The identity of this node: its peer id and the power to sign for it. The private key never leaves the
/// implementation. Thread-safe; lives as long as the node.
/// </summary>
public interface INodeIdentity
{
    /// <summary>The peer id that belongs to <see cref="PublicKey"/>.</summary>
    PeerId Id { get; }

    /// <summary>The public key in libp2p's deterministic protobuf form (36 bytes for Ed25519).</summary>
    ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Signs with the private key, by the scheme of its key type (Ed25519: RFC 8032, 64 bytes).</summary>
    /// <param name="data">The bytes to sign, of any length. Prefix them with the purpose, so that a signature cannot serve another one.</param>
    /// <returns>The signature, owned by the caller.</returns>
    byte[] Sign(ReadOnlySpan<byte> data);
}
