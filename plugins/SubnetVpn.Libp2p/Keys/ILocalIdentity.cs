namespace SubnetVpn.Libp2p.Keys;

/// <summary>Our own identity. Whoever hosts the library implements it and keeps the private key. Must be safe to use from several threads.</summary>
public interface ILocalIdentity
{
    /// <summary>The id that follows from <see cref="PublicKey"/>.</summary>
    PeerId PeerId { get; }

    /// <summary>The public half of the identity key.</summary>
    PublicKey PublicKey { get; }

    /// <summary>Signs <paramref name="message"/> with the private half, in the form that <see cref="Keys.PublicKey.Verify"/> takes.</summary>
    byte[] Sign(ReadOnlySpan<byte> message);
}
