namespace SubnetVpn.Libp2p.Keys;

/// <summary>The kind of an identity key, by its number on the wire.</summary>
public enum KeyType
{
    /// <summary>RSA of at least 2048 bit, PKCS #1 v1.5 with SHA-256.</summary>
    Rsa = 0,

    /// <summary>Ed25519: the default, and the only one we create.</summary>
    Ed25519 = 1,

    /// <summary>ECDSA on secp256k1 with SHA-256.</summary>
    Secp256k1 = 2,

    /// <summary>ECDSA on a NIST curve with SHA-256.</summary>
    Ecdsa = 3,
}
