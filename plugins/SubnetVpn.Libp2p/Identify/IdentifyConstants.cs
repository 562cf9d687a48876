namespace SubnetVpn.Libp2p.Identify;

/// <summary>Constants of libp2p specs identify/README.md, and limits on what peers may send.</summary>
internal static class IdentifyConstants
{
    public const string ProtocolId = "/ipfs/id/1.0.0";
    public const string PushProtocolId = "/ipfs/id/push/1.0.0";

    /// <summary>Of one message that we take, as in go-libp2p and js-libp2p.</summary>
    public const int MaxReceivedMessageBytes = 8 * 1024;

    /// <summary>A peer may split its answer into several messages.</summary>
    public const int MaxReceivedMessages = 10;

    /// <summary>Of what we send: rust-libp2p takes no more in all.</summary>
    public const int MaxSentBytes = 4 * 1024;

    public const int MaxProtocols = 1024;
    public const int MaxAddresses = 64;
    public const int MaxVersionLength = 256;
}
