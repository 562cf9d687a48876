using System.Net;
using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>What users send through the tunnel between two real nodes, over real TUN devices.</summary>
public abstract class TrafficTests(TwoNodes nodes, ITestOutputHelper output)
{
    private const int Ipv4HeaderSize = 20, Ipv6HeaderSize = 40, UdpHeaderSize = 8;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<bool, bool> Directions => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Directions))]
    public async Task Ping_TwoHundredIn1Second_LosesNothing(bool isV6, bool isFromB)
    {
        Requirements.Namespaces();
        var (from, _, address) = Ends(isV6, isFromB);

        var ping = await Ping.RunAsync(from, address, count: 200, interval: "0.005");

        output.WriteLine(ping.Summary);
        ping.AssertLossless(isFromB ? nodes.B : nodes.A);
    }

    [Theory]
    [MemberData(nameof(Directions))]
    public async Task Tcp_256MiB_ArrivesWithEqualHash(bool isV6, bool isFromB)
    {
        Requirements.Namespaces();
        var (from, to, address) = Ends(isV6, isFromB);

        var transfer = await TcpTransfer.RunAsync(from, to, address, 256L << 20, Cancellation);

        output.WriteLine(transfer.ToString());
        Assert.Equal(transfer.Sent, transfer.Received);
        Assert.Equal(transfer.SentHash, transfer.ReceivedHash);
    }

    [Fact]
    public async Task Tcp_BothDirectionsAtOnce_ArriveWithEqualHashes()
    {
        Requirements.Namespaces();
        var (a, b, toB) = Ends(isV6: false, isFromB: false);
        var (_, _, toA) = Ends(isV6: false, isFromB: true);

        var transfers = await Task.WhenAll(
            TcpTransfer.RunAsync(a, b, toB, 64L << 20, Cancellation),
            TcpTransfer.RunAsync(b, a, toA, 64L << 20, Cancellation));

        foreach (var transfer in transfers)
        {
            output.WriteLine(transfer.ToString());
            Assert.Equal(transfer.Sent, transfer.Received);
            Assert.Equal(transfer.SentHash, transfer.ReceivedHash);
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 16)]
    [InlineData(true, 16)]
    public async Task Udp_EightFlows_KeepTheirOrder(bool isV6, int segments)
    {
        Requirements.Namespaces();
        var (from, to, address) = Ends(isV6, isFromB: false);

        var sum = await RunEightFlowsAsync(from, to, address, segments, window: 12);

        output.WriteLine(sum.ToString());
        AssertInOrder(sum);
        // UDP may lose; a tunnel that loses more of what one host sends another at its own pace is broken.
        Assert.InRange(sum.Lost, 0, sum.Sent / 100);
    }

    [Fact]
    public async Task Udp_EightFlowsTooFast_LoseWhatIsCountedAndNoMore()
    {
        Requirements.Namespaces();
        var (from, to, address) = Ends(isV6: false, isFromB: false);
        var before = await TunnelDrops.CountAsync(nodes.A, nodes.B);

        var sum = await RunEightFlowsAsync(from, to, address, segments: 1, window: 200);

        var counted = await TunnelDrops.CountAsync(nodes.A, nodes.B) - before;
        output.WriteLine($"{sum}; {counted} counted");
        AssertInOrder(sum);
        Assert.Equal(sum.Lost, counted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Udp_EverySizeUpToTheMtu_ComesBack(bool isV6)
    {
        Requirements.Namespaces();
        var (from, to, address) = Ends(isV6, isFromB: false);
        await using var channel = new UdpEchoChannel(from, to, address);

        await AssertEverySizeAsync(channel, first: 1, nodes.A.Mtu - (isV6 ? Ipv6HeaderSize : Ipv4HeaderSize) - UdpHeaderSize);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Icmp_EverySizeUpToTheMtu_ComesBack(bool isV6)
    {
        Requirements.Namespaces();
        var (from, _, address) = Ends(isV6, isFromB: true);
        await using var channel = new IcmpEchoChannel(from, address);

        await AssertEverySizeAsync(channel, first: 0, nodes.A.Mtu - (isV6 ? Ipv6HeaderSize : Ipv4HeaderSize) - UdpHeaderSize);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Udp_LargerThanTheMtu_IsCarriedInFragments(bool isV6)
    {
        Requirements.Namespaces();
        var (from, to, address) = Ends(isV6, isFromB: false);
        await using var channel = new UdpEchoChannel(from, to, address);

        await AssertEverySizeAsync(channel, first: 8_000, last: 8_040, window: 8);
    }

    private static async Task<UdpFlowReport> RunEightFlowsAsync(NetworkNamespace from, NetworkNamespace to, IPAddress address, int segments, int window)
    {
        var flows = Enumerable.Range(0, 8).Select(_ => new UdpFlow(from, to, address, size: 1200, segments, window)).ToList();
        var reports = await Task.WhenAll(flows.Select(flow => flow.RunAsync(packets: 10_000, Cancellation)));
        flows.ForEach(flow => flow.Dispose());
        return UdpFlowReport.Sum(reports);
    }

    private static void AssertInOrder(UdpFlowReport report)
    {
        Assert.Equal(0, report.Reordered);
        Assert.Equal(0, report.Duplicates);
        Assert.Equal(0, report.Malformed);
    }

    private async Task AssertEverySizeAsync(IEchoChannel channel, int first, int last, int window = 32)
    {
        var (missing, repeats) = await new EchoSweep(channel, window).RunAsync(first, last, Cancellation);

        output.WriteLine($"sizes {first} to {last}, {repeats} sent again");
        Assert.Empty(missing);
    }

    private (NetworkNamespace From, NetworkNamespace To, IPAddress Address) Ends(bool isV6, bool isFromB)
    {
        var (from, to) = isFromB ? (nodes.B, nodes.A) : (nodes.A, nodes.B);
        return (from.Machine.Namespace, to.Machine.Namespace, isV6 ? to.VirtualIp6 : to.VirtualIp);
    }
}
