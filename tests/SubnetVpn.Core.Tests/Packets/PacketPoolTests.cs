using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class PacketPoolTests
{
    [Theory]
    [InlineData(1, 2048)]
    [InlineData(2048, 2048)]
    [InlineData(2049, 65_535)]
    [InlineData(65_535, 65_535)]
    public void Rent_Capacity_GivesTheSizeThatHoldsIt(int capacity, int expected)
    {
        Assert.Equal(expected, new PacketPool().Rent(capacity).Capacity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void Rent_ImpossibleCapacity_Throws(int capacity)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketPool().Rent(capacity));
    }

    [Fact]
    public void Release_UsedBuffer_IsLentAgainEmpty()
    {
        var pool = new PacketPool();
        var buffer = pool.Rent(100);
        buffer.Set([1, 2, 3]);
        buffer.Prepend(5);
        buffer.Tag = 9;
        buffer.Offload = new PacketOffload(1, GsoType.Udp, 1, 1, 1, 1);
        buffer.Release();

        var again = pool.Rent(100);

        Assert.Same(buffer, again);
        Assert.Equal(0, again.Length);
        Assert.Equal(PacketBuffer.Headroom, again.Offset);
        Assert.Equal(default, again.Offload);
        Assert.Equal(0, again.Tag);
    }

    [Fact]
    public void Rented_RentAndRelease_CountsBothSizes()
    {
        var pool = new PacketPool();
        var small = pool.Rent(1);
        var large = pool.Rent(9000);
        Assert.Equal(2, pool.Rented);

        small.Release();
        Assert.Equal(1, pool.Rented);

        large.Release();
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void Release_BeyondRetained_IsNotKept()
    {
        var pool = new PacketPool(new PacketPoolOptions { RetainedSmall = 2 });
        var lent = Enumerable.Range(0, 5).Select(_ => pool.Rent(1)).ToArray();
        foreach (var buffer in lent)
            buffer.Release();

        var again = Enumerable.Range(0, 5).Select(_ => pool.Rent(1)).ToArray();

        Assert.Equal(2, again.Intersect(lent).Count());
        Assert.Equal(5, pool.Rented);
    }

    [Fact]
    public void Release_TwiceWithCheck_Throws()
    {
        var pool = new PacketPool(new PacketPoolOptions { CheckMisuse = true });
        var buffer = pool.Rent(1);
        buffer.Release();

        Assert.Throws<InvalidOperationException>(buffer.Release);
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void Return_ForeignBufferWithCheck_Throws()
    {
        var pool = new PacketPool(new PacketPoolOptions { CheckMisuse = true });

        Assert.Throws<InvalidOperationException>(() => pool.Return(new PacketPool().Rent(1)));
        Assert.Throws<InvalidOperationException>(() => pool.Return(new PacketBuffer(10)));
    }

    [Fact]
    public void Release_WithCheck_OverwritesContent()
    {
        var buffer = new PacketPool(new PacketPoolOptions { CheckMisuse = true }).Rent(1);
        buffer.Set([1, 2, 3]);
        var late = buffer.Memory;

        buffer.Release();

        Assert.DoesNotContain(late.ToArray(), static value => value is 1 or 2 or 3);
    }

    [Fact]
    public async Task RentAndRelease_ManyThreads_NeverLendsTwice()
    {
        var pool = new PacketPool(new PacketPoolOptions { CheckMisuse = true, RetainedSmall = 16 });

        await Task.WhenAll(Enumerable.Range(1, 4).Select(mark => Task.Run(() =>
        {
            var random = new Random(mark);
            var held = new Queue<PacketBuffer>();
            for (var round = 0; round < 20_000; round++)
            {
                if (held.Count < 8 && random.Next(2) == 0)
                {
                    var buffer = pool.Rent(8);
                    Assert.Equal(0, buffer.Tag);
                    buffer.Tag = mark;
                    held.Enqueue(buffer);
                }
                else if (held.TryDequeue(out var buffer))
                {
                    Assert.Equal(mark, buffer.Tag);
                    buffer.Release();
                }
            }
            while (held.TryDequeue(out var buffer))
                buffer.Release();
        })));

        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public void RentAndRelease_WarmPool_AllocatesNothing()
    {
        var pool = new PacketPool();

        Allocations.AssertNone(() =>
        {
            pool.Rent(1).Release();
            pool.Rent(3000).Release();
        });
    }
}
