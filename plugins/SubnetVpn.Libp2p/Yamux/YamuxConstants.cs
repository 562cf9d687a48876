namespace SubnetVpn.Libp2p.Yamux;

/// <summary>Constants of the specification (libp2p specs, yamux/README.md). Ours are in <see cref="YamuxOptions"/>.</summary>
internal static class YamuxConstants
{
    public const string ProtocolId = "/yamux/1.0.0";
    public const int HeaderBytes = 12;
    public const byte Version = 0;

    /// <summary>Both sides start with it, for each stream and direction; it cannot be configured downward.</summary>
    public const uint InitialWindowBytes = 256 * 1024;

    /// <summary>Streams an opener may have that the other side has not acknowledged yet.</summary>
    public const int MaxUnacknowledgedStreams = 256;
}
