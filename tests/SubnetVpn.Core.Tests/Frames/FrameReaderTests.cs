using SubnetVpn.Core.Frames;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Tests.Frames;

public class FrameReaderTests
{
    private const int Mtu = 1400;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_FramesInPieces_AreThoseThatWereWritten(bool readsAhead)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var frames = Enumerable.Range(0, 60).Select(_ => NextFrame(random)).ToList();
            var stream = new ScriptedStream([.. frames.SelectMany(Encode)], seed);
            var flushes = 0;
            var reader = new FrameReader(stream, Mtu) { ReadsAhead = readsAhead, BeforeWait = () => { flushes++; return default; } };

            foreach (var (type, body) in frames)
            {
                var (ok, header) = await reader.ReadHeaderAsync(Token);
                Assert.True(ok);
                Assert.Equal((type, body.Length), (header.Type, header.BodyLength));
                if (body.Length <= 4096 && type == FrameType.Hello)
                {
                    Assert.Equal(body, (await reader.ReadBodyAsync(body.Length, Token)).Body.ToArray());
                    continue;
                }
                var read = new byte[body.Length];
                var head = type == FrameType.OffloadPacket ? PacketOffload.Size : 0;
                Assert.True(await reader.FillAsync(read.AsMemory(0, head), insideFrame: true, Token));
                Assert.True(await reader.FillAsync(read.AsMemory(head), insideFrame: true, Token));
                Assert.Equal(body, read);
            }
            Assert.False((await reader.ReadHeaderAsync(Token)).Ok);
            Assert.Equal((StreamEnd.Completed, FrameError.None), (reader.End, reader.Error));
            Assert.True(flushes > 0);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_EndInsideAFrame_IsTruncated(bool readsAhead)
    {
        byte[] frame = Encode((FrameType.Packet, new byte[100]));
        for (var length = 1; length < frame.Length; length++)
        {
            var reader = new FrameReader(new ScriptedStream(frame[..length], length), Mtu) { ReadsAhead = readsAhead };

            var (ok, header) = await reader.ReadHeaderAsync(Token);
            var complete = ok && await reader.FillAsync(new byte[header.BodyLength], insideFrame: true, Token);

            Assert.False(complete);
            Assert.Equal(FrameError.Truncated, reader.Error);
        }
    }

    [Fact]
    public async Task Read_SmallFramesAhead_TakesFewReads()
    {
        byte[] bytes = [.. Enumerable.Range(0, 500).SelectMany(static _ => Encode((FrameType.Packet, new byte[64])))];
        var (ahead, plain) = (new ScriptedStream(bytes, 1), new ScriptedStream(bytes, 1));

        foreach (var (stream, readsAhead) in new[] { (ahead, true), (plain, false) })
        {
            var reader = new FrameReader(stream, Mtu) { ReadsAhead = readsAhead };
            for (var i = 0; i < 500; i++)
            {
                Assert.True((await reader.ReadHeaderAsync(Token)).Ok);
                Assert.True(await reader.FillAsync(new byte[64], insideFrame: true, Token));
            }
        }

        Assert.True(ahead.Reads * 5 < plain.Reads, $"{ahead.Reads} reads ahead, {plain.Reads} without");
    }

    [Fact]
    public async Task Abandon_AfterSomeFrames_CountsTheWholePacketsThatWereReadAhead()
    {
        byte[] packet = Encode((FrameType.Packet, new byte[64])), ping = Encode((FrameType.Ping, new byte[8]));
        byte[] bytes = [.. packet, .. packet, .. ping, .. packet, .. packet[..40]];
        var reader = new FrameReader(new ScriptedStream(bytes, seed: null), Mtu) { ReadsAhead = true };
        Assert.True((await reader.ReadHeaderAsync(Token)).Ok);
        Assert.True(await reader.FillAsync(new byte[64], insideFrame: true, Token));

        Assert.Equal(2, reader.Abandon());
        Assert.Equal(0, reader.Abandon());
    }

    private static (FrameType Type, byte[] Body) NextFrame(Random random)
    {
        var (type, length) = random.Next(4) switch
        {
            0 => (FrameType.Hello, random.Next(300)),
            1 => (FrameType.OffloadPacket, PacketOffload.Size + 1 + random.Next(60_000)),
            _ => (FrameType.Packet, 1 + random.Next(random.Next(2) == 0 ? 100 : Mtu)),
        };
        var body = new byte[length];
        random.NextBytes(body);
        return (type, body);
    }

    private static byte[] Encode((FrameType Type, byte[] Body) frame)
    {
        var bytes = new byte[FrameFormat.HeaderSize + frame.Body.Length];
        FrameFormat.WriteHeader(bytes, frame.Type, frame.Body.Length);
        frame.Body.CopyTo(bytes, FrameFormat.HeaderSize);
        return bytes;
    }
}
