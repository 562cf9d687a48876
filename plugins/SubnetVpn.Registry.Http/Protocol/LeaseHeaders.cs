namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>The headers of the protocol.</summary>
internal static class LeaseHeaders
{
    /// <summary>Who signs the request: a peer id.</summary>
    public const string Peer = "Lease-Peer";

    /// <summary>When it was signed: seconds since 1970 in UTC.</summary>
    public const string Time = "Lease-Time";

    /// <summary>16 random bytes in base64url, other ones each time.</summary>
    public const string Nonce = "Lease-Nonce";

    /// <summary>The peer's signature of the request: 64 bytes in base64.</summary>
    public const string Signature = "Lease-Signature";

    /// <summary>The server's signature of the reply: 64 bytes in base64.</summary>
    public const string ServerSignature = "Lease-Server-Signature";
}
