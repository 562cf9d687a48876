using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Tests.Packets;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Transport.Memory;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>
/// The whole way of a packet through two nodes, on all of their threads: TUN → pump → dispatch → worker → queue → writer → frame, and
/// frame → gate → TUN writer.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class PathAllocationTests(ITestOutputHelper output)
{
    private const int Packets = 20_000;

    // At once under way: less than any queue or pool keeps.
    private const int Burst = 100;

    // The smallest object has 24 bytes, so one for each packet shows as 24 or more, in every round. What timers and the test
    // runner allocate meanwhile only adds, and not in every round: the least one counts.
    private const double BytesPerPacket = 1;
    private const int Rounds = 8;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private const TunCapabilities Offloads = TunCapabilities.Checksum | TunCapabilities.TcpV4Segmentation;

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Theory]
    [InlineData(64)]
    [InlineData(1400)]
    public async Task Packets_InSteadyState_AllocateNothing(int length)
    {
        var packet = TestPackets.IPv4(17, TestPackets.Udp(1, 2, new byte[length - 28]));

        await AssertAllocatesNothingAsync(packet, default, TunCapabilities.None, receivedEach: 1);
    }

    [Fact]
    public async Task OpenChecksums_ForADeviceWithoutOffload_AllocateNothing()
    {
        var packet = TestPackets.IPv4(17, TestPackets.Udp(1, 2, new byte[1000]));
        var offload = new PacketOffload(PacketOffload.NeedsChecksumFlag, GsoType.None, 0, 0, 20, 6);

        await AssertAllocatesNothingAsync(packet, offload, TunCapabilities.None, receivedEach: 1);
    }

    [Fact]
    public async Task SuperPackets_InSteadyState_AllocateNothing() => await AssertAllocatesNothingAsync(SuperPacket(), SuperPacketOffload, Offloads, receivedEach: 1);

    [Fact]
    public async Task SuperPackets_ForADeviceWithoutOffload_AllocateNothing() =>
        await AssertAllocatesNothingAsync(SuperPacket(), SuperPacketOffload, TunCapabilities.None, receivedEach: 8);

    private static PacketOffload SuperPacketOffload => new(PacketOffload.NeedsChecksumFlag, GsoType.TcpV4, 40, 1360, 20, 16);

    // Eight segments.
    private static byte[] SuperPacket() => TestPackets.IPv4(6, TestPackets.Tcp(1000, 2000, new byte[8 * 1360]));

    private async Task AssertAllocatesNothingAsync(byte[] packet, PacketOffload offload, TunCapabilities receiverTakes, int receivedEach)
    {
        var (from, to) = (new QuietTun(Offloads), new QuietTun(receiverTakes));
        // Nothing that is not for packets happens meanwhile.
        await using var a = new TestNode(_network, "a", "10.0.0.1", change: WithoutTimers, tuns: from);
        await using var b = new TestNode(_network, "b", "10.0.0.2", change: WithoutTimers, tuns: to);
        await a.StartWithAsync(b);
        Run();

        var least = double.MaxValue;
        for (var round = 0; round < Rounds && least >= BytesPerPacket; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Run();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Packets);
        }

        output.WriteLine($"{least:0.000} bytes per packet");
        Assert.True(least < BytesPerPacket, $"{least:0.0} bytes per packet");
        Assert.Empty(a.Service.GetMetrics().OutboundDrops);
        Assert.Empty(b.Service.GetMetrics().InboundDrops);

        void Run()
        {
            for (var sent = 0; sent < Packets; sent += Burst)
            {
                var expected = to.Received + (Burst * receivedEach);
                from.Send(packet, offload, Burst);
                var (started, spin) = (Environment.TickCount64, default(SpinWait));
                while (to.Received < expected)
                {
                    if (Environment.TickCount64 - started > s_limit.TotalMilliseconds)
                        Assert.Fail("The packets did not come.");
                    spin.SpinOnce();
                }
            }
        }
    }

    private static NetworkSettings WithoutTimers(NetworkSettings settings) => settings with
    {
        HealthCheckInterval = TimeSpan.FromHours(1),
        CleanupInterval = TimeSpan.FromHours(1),
        WorkerCleanupInterval = TimeSpan.FromHours(1),
        WarmInterval = TimeSpan.FromHours(1),
    };
}
