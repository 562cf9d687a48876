namespace SubnetVpn.Core.Hosting.Identity;

/// <summary>What is wrong with the file of an identity, or of a network key.</summary>
public enum IdentityFault
{
    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>There is one already, and it was not to be replaced.</summary>
    AlreadyExists,

    /// <summary>It cannot be read.</summary>
    Unreadable,

    /// <summary>It cannot be written.</summary>
    NotWritable,

    /// <summary>Others than its owner may read or change it.</summary>
    OpenPermissions,

    /// <summary>What it holds is no key of the kind that belongs there.</summary>
    Malformed,

    /// <summary>It holds a private key of another kind than Ed25519.</summary>
    UnsupportedKeyType,

    /// <summary>OpenSSL, which signs, is missing or unfit.</summary>
    CryptoUnavailable,
}
