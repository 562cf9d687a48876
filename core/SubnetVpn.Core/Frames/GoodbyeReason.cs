namespace SubnetVpn.Core.Frames;

/// <summary>Why a side closes a stream. Values that are not listed are those of a later version.</summary>
internal enum GoodbyeReason : byte
{
    /// <summary>Nothing in particular.</summary>
    Unspecified = 0,

    /// <summary>The node or the network is stopping.</summary>
    Stopping = 1,

    /// <summary>The stream was idle, or the pool has more than it needs.</summary>
    Idle = 2,

    /// <summary>The peer broke the rules of the protocol.</summary>
    ProtocolError = 3,

    /// <summary>The peer is no member of the network, or holds no address in it.</summary>
    NotAllowed = 4,

    /// <summary>There are too many streams already.</summary>
    TooManyStreams = 5,
}
