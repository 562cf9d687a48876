using System.Buffers.Binary;
using System.Security.Cryptography;
using SubnetVpn.Libp2p.Buffers;
using SubnetVpn.Libp2p.Noise;

namespace SubnetVpn.Libp2p.Tests.Noise;

public class NoiseBatchWriterTests
{
    [Theory]
    [InlineData(new[] { 1 }, 1)]
    [InlineData(new[] { 12, 65507 }, 1)]
    [InlineData(new[] { 12, 65508 }, 2)]
    [InlineData(new[] { 12, 65536, 12, 65536, 12, 65536 }, 4)]
    [InlineData(new[] { 12, 100, 12, 200, 12, 300 }, 1)]
    public void Finish_Pieces_FillAsFewFramesAsPossible(int[] pieces, int frames)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        using var send = new NoiseCipher(key);
        using var receive = new NoiseCipher(key);
        var writer = new NoiseBatchWriter(send);
        var expected = new List<byte>();

        writer.Start(new byte[LargeBufferPool.BufferBytes]);
        foreach (int piece in pieces)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(piece);
            expected.AddRange(bytes);
            writer.Write(bytes);
        }

        (byte[] plaintext, int count) = Open(writer.Finish(), receive);

        Assert.Equal(expected.ToArray(), plaintext);
        Assert.Equal(frames, count);
    }

    [Fact]
    public void Write_AllThatRemains_FitsAndRoundTrips()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        using var send = new NoiseCipher(key);
        using var receive = new NoiseCipher(key);
        var writer = new NoiseBatchWriter(send);
        writer.Start(new byte[LargeBufferPool.BufferBytes]);
        byte[] bytes = RandomNumberGenerator.GetBytes(writer.Remaining);

        writer.Write(bytes);

        Assert.Equal(0, writer.Remaining);
        (byte[] plaintext, int count) = Open(writer.Finish(), receive);
        Assert.Equal(bytes, plaintext);
        Assert.Equal(4, count);
    }

    [Fact]
    public void Start_Again_ContinuesTheNonces()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        using var send = new NoiseCipher(key);
        using var receive = new NoiseCipher(key);
        var writer = new NoiseBatchWriter(send);
        for (int i = 0; i < 5; i++)
        {
            writer.Start(new byte[LargeBufferPool.BufferBytes]);
            writer.Write([1, 2, 3]);
            (byte[] plaintext, _) = Open(writer.Finish(), receive);
            Assert.Equal([1, 2, 3], plaintext);
        }
    }

    private static (byte[] Plaintext, int Frames) Open(ReadOnlyMemory<byte> sent, NoiseCipher receive)
    {
        byte[] bytes = sent.ToArray();
        var plaintext = new List<byte>();
        int frames = 0;
        for (int position = 0; position < bytes.Length; frames++)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(position));
            Span<byte> message = bytes.AsSpan(position + 2, length);
            Assert.True(receive.TryOpen(message, []));
            plaintext.AddRange(message[..^16]);
            position += 2 + length;
        }

        return ([.. plaintext], frames);
    }
}
