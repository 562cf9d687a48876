using SubnetVpn.Libp2p.Buffers;

namespace SubnetVpn.Libp2p.Tests.Buffers;

public class ReceiveQueueTests
{
    private const int Block = ReceiveBlockPool.BlockBytes;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AppendAndRead_RandomPieces_KeepTheirOrderAndGiveAllBack(int seed)
    {
        var pool = new ReceiveBlockPool(1 << 20);
        var queue = new ReceiveQueue(new ReceiveAccount(pool, 1 << 20));
        var random = new Random(seed);
        var expected = new Queue<byte>();
        for (int i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(0, 3 * Block / 2)];
            random.NextBytes(bytes);
            if (queue.Length < 20 * Block && random.Next(2) == 0)
            {
                Assert.True(queue.TryAppend(bytes));
                Array.ForEach(bytes, expected.Enqueue);
            }
            else
            {
                int count = queue.Read(bytes);
                Assert.Equal(Math.Min(bytes.Length, expected.Count), count);
                Assert.All(bytes.AsSpan(0, count).ToArray(), value => Assert.Equal(expected.Dequeue(), value));
            }

            Assert.Equal(expected.Count, queue.Length);
            Assert.InRange(pool.Outstanding, (expected.Count + Block - 1) / Block, (expected.Count / Block) + 2);
        }

        queue.Clear();
        Assert.Equal(0, queue.Length);
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void TryAppend_LimitOfTheConnection_IsRefused()
    {
        var pool = new ReceiveBlockPool(100 * Block);
        var queue = new ReceiveQueue(new ReceiveAccount(pool, 2 * Block));

        Assert.True(queue.TryAppend(new byte[2 * Block]));
        Assert.False(queue.TryAppend(new byte[1]));
        queue.Clear();
        Assert.True(queue.TryAppend(new byte[1]));
    }

    [Fact]
    public void TryAppend_OneConnectionHoldsEverything_OthersStillGetALittle()
    {
        var pool = new ReceiveBlockPool(50 * Block);
        var greedy = new ReceiveQueue(new ReceiveAccount(pool, 1000 * Block));
        var modest = new ReceiveQueue(new ReceiveAccount(pool, 1000 * Block));
        Assert.False(greedy.TryAppend(new byte[60 * Block]));

        Assert.True(modest.TryAppend(new byte[512 * 1024]));
        Assert.False(modest.TryAppend(new byte[1]));
    }

    [Fact]
    public void Return_Twice_FailsLoudly()
    {
        var pool = new ReceiveBlockPool(50 * Block);
        var account = new ReceiveAccount(pool, 1000 * Block);
        Assert.True(account.TryRent(out ReceiveBlock? block));
        account.Return(block);

        Assert.Throws<InvalidOperationException>(() => account.Return(block));

        var buffers = new LargeBufferPool();
        byte[] buffer = buffers.Rent();
        buffers.Return(buffer);
        Assert.Throws<InvalidOperationException>(() => buffers.Return(buffer));
    }
}
