namespace SubnetVpn.Core.Frames;

/// <summary>Whole frames that carry no packet, ready to be written.</summary>
internal static class ControlFrames
{
    /// <summary>Said before a stream is closed in good order.</summary>
    public static ReadOnlyMemory<byte> GoodbyeStopping { get; } = Make(FrameType.Goodbye, GoodbyeCodec.Encode(new Goodbye(GoodbyeReason.Stopping, string.Empty)));

    public static byte[] Make(FrameType type, ReadOnlySpan<byte> body)
    {
        var frame = new byte[FrameFormat.HeaderSize + body.Length];
        FrameFormat.WriteHeader(frame, type, body.Length);
        body.CopyTo(frame.AsSpan(FrameFormat.HeaderSize));
        return frame;
    }
}
