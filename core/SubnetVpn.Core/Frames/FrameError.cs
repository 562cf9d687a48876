namespace SubnetVpn.Core.Frames;

/// <summary>How a peer broke the rules of the frames. Each resets the stream and is a counter; see <see cref="FrameErrorNames"/>.</summary>
internal enum FrameError
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The length of a frame is impossible for its type, or over the limit.</summary>
    InvalidLength,

    /// <summary>The stream ended within a frame.</summary>
    Truncated,

    /// <summary>The offload header does not fit the packet behind it.</summary>
    InvalidOffload,

    /// <summary>The hello cannot be read, or what it says is impossible.</summary>
    MalformedHello,

    /// <summary>The goodbye cannot be read.</summary>
    MalformedGoodbye,

    /// <summary>A frame that this side must not send: a packet from the acceptor, a fence for its own stream.</summary>
    UnexpectedFrame,
}
