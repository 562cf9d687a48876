namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// Why a stream, or one operation on it, ended. For a stream it is set once: the first reason wins.
/// </summary>
public enum StreamEnd
{
    /// <summary>It has not ended: the operation went well and the stream lives.</summary>
    None = 0,

    /// <summary>The peer finished writing and everything was read; for the stream: both sides finished.</summary>
    Completed,

    /// <summary>The peer reset the stream.</summary>
    ResetByPeer,

    /// <summary>This side reset the stream.</summary>
    ResetLocally,

    /// <summary>A write was cancelled. Part of it may be on the wire, so the stream was reset.</summary>
    Cancelled,

    /// <summary>The connection that carried the stream ended.</summary>
    ConnectionLost,

    /// <summary>The peer sent more than the memory limits allow to keep; the stream was reset.</summary>
    ReceiveMemoryExhausted,
}
