namespace SubnetVpn.Streams;

/// <summary>Who and what a stream is.</summary>
public sealed record VpnStreamInfo
{
    /// <summary>The peer at the other end, proven.</summary>
    public required PeerId Peer { get; init; }

    /// <summary>The protocol id that both agreed on.</summary>
    public required string Protocol { get; init; }

    /// <summary>A name for logs and listings, unique in the process, such as <c>c3/5</c> (connection 3, stream 5).</summary>
    public required string Name { get; init; }

    /// <summary>Whether the peer opened it.</summary>
    public required bool IsInbound { get; init; }

    /// <summary>The address of the other end, as a multiaddress.</summary>
    public required string RemoteAddress { get; init; }

    /// <summary>
    /// What both ends of the connection under the stream have in common and no other connection has, such as the hash of its
    /// handshake: a proof that covers it cannot be used elsewhere (channel binding, RFC 5056). 32 bytes, not secret. Default: empty, the
    /// transport has none; networks with a key refuse its streams.
    /// </summary>
    public ReadOnlyMemory<byte> ChannelBinding { get; init; }
}
