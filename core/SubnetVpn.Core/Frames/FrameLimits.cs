namespace SubnetVpn.Core.Frames;

/// <summary>The longest bodies of frames, in bytes: what one frame can make a receiver hold.</summary>
internal static class FrameLimits
{
    public const int Hello = 4096;

    public const int OffloadPacket = PacketOffload.Size + PacketBuffer.MaxPacketLength;

    /// <summary>The exact length of a ping and of a pong.</summary>
    public const int Ping = 8;

    /// <summary>The exact length of a fence: the number of a stream.</summary>
    public const int Fence = 8;

    /// <summary>The exact length of an account: the number of a stream, and a count.</summary>
    public const int Account = 16;

    public const int GoodbyeText = 1024;

    public const int Goodbye = 1 + GoodbyeText;

    public const int Unknown = 65_536;
}
