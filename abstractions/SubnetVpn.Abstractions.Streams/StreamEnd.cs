namespace SubnetVpn.Streams;

/// <summary>How a stream ended. Set once; the first reason wins.</summary>
public enum StreamEnd
{
    /// <summary>It has not ended.</summary>
    None = 0,

    /// <summary>The peer closed its side in good order, and all was read.</summary>
    Completed,

    /// <summary>The peer reset it.</summary>
    ResetByPeer,

    /// <summary>We reset it.</summary>
    ResetLocally,

    /// <summary>A write was cancelled, and so the stream was reset.</summary>
    Cancelled,

    /// <summary>The connection under it was lost or closed.</summary>
    ConnectionLost,

    /// <summary>The peer broke the rules of the protocol.</summary>
    ProtocolError,

    /// <summary>It was disposed of.</summary>
    Disposed,
}
