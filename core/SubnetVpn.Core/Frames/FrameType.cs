namespace SubnetVpn.Core.Frames;

/// <summary>The types of frames of <c>/vpn/2.0.0</c>. Others are skipped.</summary>
internal enum FrameType : byte
{
    /// <summary>What the sender is and accepts; the first frame of either side.</summary>
    Hello = 0,

    /// <summary>One complete IP packet, at most the MTU long.</summary>
    Packet = 1,

    /// <summary>A virtio net header of 10 bytes, then one IP packet of at most 65,535 bytes.</summary>
    OffloadPacket = 2,

    /// <summary>Eight bytes, to be sent back in a <see cref="Pong"/>.</summary>
    Ping = 3,

    /// <summary>The eight bytes of a <see cref="Ping"/>.</summary>
    Pong = 4,

    /// <summary>A reason and a text: the sender is about to close the stream.</summary>
    Goodbye = 5,

    /// <summary>Of the opener: another stream of its has ended. Nothing more of that one may be delivered once this was read.</summary>
    Fence = 6,

    /// <summary>Of the acceptor: the answer to a <see cref="Fence"/>, how many packets it had read of that stream.</summary>
    Account = 7,
}
