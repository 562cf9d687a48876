using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Streams;

namespace SubnetVpn.Core.Tests.Streams;

public sealed class PacketQueueTests
{
    private readonly FlowWorker _worker = new(default(ConnectionKey));
    private readonly QueuedPacket[] _taken = new QueuedPacket[64];

    [Fact]
    public void Packets_OfAnyNumber_ComeOutInOrder()
    {
        var queue = new PacketQueue(1000, int.MaxValue);
        var (put, got) = (0, 0);
        var random = new Random(1);
        for (var turn = 0; turn < 200; turn++)
        {
            for (var i = random.Next(40); i > 0 && queue.Count < 1000; i--)
                Assert.Equal(PacketDropReason.None, queue.TryEnqueue(Packet(tag: put++)));
            var count = queue.Take(_taken.AsSpan(0, random.Next(1, 40)), int.MaxValue);
            for (var i = 0; i < count; i++)
                Assert.Equal(got++, _taken[i].Packet.Tag);
        }

        Assert.Equal(put - got, queue.Count);
    }

    [Fact]
    public void Packets_AboveTheLimitOfPackets_AreRefused()
    {
        var queue = new PacketQueue(2, int.MaxValue);
        queue.TryEnqueue(Packet());
        queue.TryEnqueue(Packet());

        Assert.Equal(PacketDropReason.StreamQueueFull, queue.TryEnqueue(Packet()));
        Assert.Equal(1, queue.Filling);
    }

    [Fact]
    public void Packets_AboveTheLimitOfBytes_AreRefusedButForTheFirst()
    {
        var queue = new PacketQueue(100, 150);

        Assert.Equal(PacketDropReason.None, queue.TryEnqueue(Packet(length: 1000)));
        Assert.Equal(PacketDropReason.StreamQueueFull, queue.TryEnqueue(Packet(length: 1)));
    }

    [Fact]
    public void ControlFrames_PassTheLimitsAndKeepTheirPlace()
    {
        var queue = new PacketQueue(1, int.MaxValue);
        queue.TryEnqueue(Packet(tag: 1));

        Assert.Equal(PacketDropReason.None, queue.TryEnqueueControl(Buffer(8, tag: 2)));
        Assert.Equal(PacketDropReason.StreamQueueFull, queue.TryEnqueue(Packet(tag: 3)));
        Assert.Equal(2, queue.Take(_taken, int.MaxValue));
        Assert.Equal([1, 2], _taken[..2].Select(static packet => packet.Packet.Tag));
        Assert.Equal([false, true], _taken[..2].Select(static packet => packet.IsControl));
        Assert.Equal((0, 0), (queue.Count, queue.Bytes));
    }

    [Fact]
    public void ControlFrames_AreBounded()
    {
        var queue = new PacketQueue(1, int.MaxValue);
        var put = 0;
        while (put < 100_000 && queue.TryEnqueueControl(Buffer(8)) == PacketDropReason.None)
            put++;

        Assert.InRange(put, 1, 99_999);
        Assert.Equal(PacketDropReason.StreamQueueFull, queue.TryEnqueueControl(Buffer(8)));
    }

    [Fact]
    public void Take_StopsAtTheByteLimitButTakesOnePacketAtLeast()
    {
        var queue = new PacketQueue(100, int.MaxValue);
        foreach (var length in new[] { 100, 10, 10, 100 })
            queue.TryEnqueue(Packet(length));

        Assert.Equal(1, queue.Take(_taken, 50));
        Assert.Equal(2, queue.Take(_taken, 50));
        Assert.Equal(1, queue.Take(_taken, 50));
    }

    [Fact]
    public async Task Abandon_LeavesThePacketsToTheOwnerAndEndsTheWait()
    {
        var queue = new PacketQueue(100, int.MaxValue);
        var waiting = queue.WaitAsync();
        queue.TryEnqueue(Packet());
        Assert.True(await waiting);

        queue.Abandon();

        Assert.False(await queue.WaitAsync());
        Assert.Equal(0, queue.Take(_taken, int.MaxValue));
        Assert.Equal(PacketDropReason.StreamFailed, queue.TryEnqueue(Packet()));
        Assert.Equal(PacketDropReason.StreamFailed, queue.TryEnqueueControl(Buffer(1)));
        Assert.Equal(1, queue.TakeAbandoned(_taken));
    }

    [Fact]
    public void PutAndTake_OnceTheQueueHasGrown_AllocateNothing()
    {
        var queue = new PacketQueue(1000, int.MaxValue);
        var packet = Packet();
        Run();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            for (var i = 0; i < 1000; i++)
                queue.TryEnqueue(packet);
            while (queue.Take(_taken, int.MaxValue) > 0)
            {
            }
        }
    }

    private QueuedPacket Packet(int length = 10, long tag = 0) => new(Buffer(length, tag), _worker, null);

    private static PacketBuffer Buffer(int length, long tag = 0)
    {
        var buffer = new PacketBuffer(2000) { Tag = tag };
        buffer.SetLength(length);
        return buffer;
    }
}
