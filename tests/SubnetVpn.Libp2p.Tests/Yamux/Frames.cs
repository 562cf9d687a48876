using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Tests.Yamux;

/// <summary>Frames by hand, as a peer of another make or a hostile one would send them.</summary>
internal static class Frames
{
    public static byte[] Data(uint stream, YamuxFlags flags, byte[] body) =>
        [.. Header(YamuxFrameType.Data, flags, stream, (uint)body.Length), .. body];

    public static byte[] Window(uint stream, YamuxFlags flags, uint credit) => Header(YamuxFrameType.WindowUpdate, flags, stream, credit);

    public static byte[] Ping(YamuxFlags flags, uint value) => Header(YamuxFrameType.Ping, flags, 0, value);

    public static byte[] GoAway(uint code) => Header(YamuxFrameType.GoAway, YamuxFlags.None, 0, code);

    public static byte[] Header(YamuxFrameType type, YamuxFlags flags, uint stream, uint length)
    {
        var bytes = new byte[YamuxConstants.HeaderBytes];
        new YamuxHeader(type, flags, stream, length).Write(bytes);
        return bytes;
    }

    public static List<(YamuxHeader Header, byte[] Body)> Parse(byte[] bytes)
    {
        var frames = new List<(YamuxHeader, byte[])>();
        for (int position = 0; position < bytes.Length;)
        {
            Assert.Equal(YamuxFault.None, YamuxHeader.TryRead(bytes.AsSpan(position, YamuxConstants.HeaderBytes), out YamuxHeader header));
            position += YamuxConstants.HeaderBytes;
            int length = header.Type == YamuxFrameType.Data ? (int)header.Length : 0;
            frames.Add((header, bytes[position..(position + length)]));
            position += length;
        }

        return frames;
    }
}
