namespace SubnetVpn.Core.Tests.Packets;

public sealed class ConnectionKeyHashTests
{
    private static readonly VirtualIp s_one = VirtualIp.Parse("10.0.0.1");
    private static readonly VirtualIp s_other = VirtualIp.Parse("fd00::1:0:0:1");

    [Fact]
    public void GetHashCode_OfKeysThatDifferInOnePart_Differs()
    {
        ConnectionKey[] keys =
        [
            new(s_one, s_one, 17, 1, 2), new(s_one, s_one, 17, 2, 1), new(s_one, s_one, 6, 1, 2), new(s_one, s_one, 17, 1, 2, isFragment: true),
            new(s_other, s_one, 17, 1, 2), new(s_one, s_other, 17, 1, 2), new(s_other, s_other, 17, 1, 2),
        ];

        // One in 2^32 for each pair, in each process.
        Assert.Equal(keys.Length, keys.Select(static key => key.GetHashCode()).Distinct().Count());
    }

    [Fact]
    public void GetHashCode_OfEqualKeys_IsTheSame() =>
        Assert.Equal(new ConnectionKey(s_one, s_other, 17, 1, 2).GetHashCode(), new ConnectionKey(VirtualIp.Parse("10.0.0.1"), s_other, 17, 1, 2).GetHashCode());

    // Keys in regular distances, as a scan of ports or of addresses makes them, must lie as if by chance in both halves of the hash.
    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(4096)]
    public void GetHashCode_OfKeysInRegularDistances_IsSpreadOut(int distance)
    {
        const int keys = 16_384;
        var (upper, lower) = (new int[1024], new int[1024]);

        for (var number = 0; number < keys; number++)
        {
            var step = (long)number * distance;
            var hash = (uint)new ConnectionKey(s_one, s_other, 6, (ushort)(step >> 16), (ushort)step).GetHashCode();
            if (step > uint.MaxValue)
                break;
            upper[hash >> 22]++;
            lower[hash & 1023]++;
        }

        // 16 on the average, and a standard deviation of 4.
        Assert.InRange(upper.Max(), 17, 60);
        Assert.InRange(lower.Max(), 17, 60);
    }

    [Fact]
    public void GetHashCode_OfAddresses_TellsThemApart() =>
        Assert.Equal(65_536, Enumerable.Range(0, 65_536).Select(static number => VirtualIp.FromBytes([10, 0, (byte)(number >> 8), (byte)number])).ToHashSet().Count);
}
