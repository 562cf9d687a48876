using System.Buffers.Binary;
using SubnetVpn.Core.Frames;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Hellos as bytes, for a <see cref="RawPeer"/>.</summary>
internal static class RawHello
{
    public static byte[] Frame(FrameType type, byte[] body)
    {
        var frame = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, 1 + body.Length);
        frame[4] = (byte)type;
        body.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Make(ulong number, byte[]? proof = null) =>
        Frame(FrameType.Hello, HelloCodec.Encode(new Hello { Mtu = 1400, Number = number, Proof = proof }));

    public static async Task<(FrameType Type, byte[] Body)> ReadAsync(IVpnStream stream)
    {
        var header = await RawPeer.ReadAsync(stream, 5);
        return ((FrameType)header[4], await RawPeer.ReadAsync(stream, BinaryPrimitives.ReadInt32BigEndian(header) - 1));
    }

    /// <summary>Reads a goodbye, which must be the next frame.</summary>
    public static async Task<Goodbye> ReadGoodbyeAsync(IVpnStream stream)
    {
        var (type, body) = await ReadAsync(stream);
        Assert.Equal(FrameType.Goodbye, type);
        Assert.True(GoodbyeCodec.TryDecode(body, out var goodbye));
        return goodbye;
    }

    /// <summary>Reads a hello, which must be the next frame.</summary>
    public static async Task<Hello> ReadHelloAsync(IVpnStream stream)
    {
        var (type, body) = await ReadAsync(stream);
        Assert.Equal(FrameType.Hello, type);
        Assert.True(HelloCodec.TryDecode(body, out var hello));
        return hello;
    }
}
