using SubnetVpn.Plugins.Tests.TunLinux;
using SubnetVpn.Streams;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

[Collection(AloneCollection.Name)]
public class Libp2pVpnStreamAllocationTests
{
    private const int Rounds = 10_000;
    private const int PacketLength = 1400;
    private const int BatchLength = 4;

    [Fact]
    public async Task WriteAndRead_SteadyState_AllocateNothing()
    {
        await using var pair = await TransportPair.CreateAsync(TestContext.Current.CancellationToken);
        var (opened, accepted) = await pair.OpenAsync(TestContext.Current.CancellationToken);
        using var cancel = new CancellationTokenSource();
        await PingPongAsync(opened, accepted, 2_000, cancel.Token);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await PingPongAsync(opened, accepted, Rounds, cancel.Token);
        var perRound = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rounds;

        // A round is two writes and at least two reads. What little there is comes from the process around it.
        Assert.True(perRound < 32, $"{perRound:0.0} bytes a round");
    }

    // One method for all of it, so that its own state machine counts once.
    private static async Task PingPongAsync(IVpnStream opened, IVpnStream accepted, int rounds, CancellationToken cancellationToken)
    {
        var packet = new PacketBuffer(PacketLength);
        packet.Set(new byte[PacketLength]);
        var batch = Enumerable.Repeat(packet, BatchLength).ToArray();
        var destination = new byte[16 * 1024].AsMemory();
        var (from, to) = (opened, accepted);
        for (var crossing = 0; crossing < 2 * rounds; crossing++)
        {
            // Alternately the reader waits first and the bytes are there first.
            var reading = crossing % 4 < 2 ? to.ReadAsync(destination, cancellationToken) : default;
            if (await from.WriteAsync(batch, cancellationToken) != StreamEnd.None)
            {
                Assert.Fail("The stream ended.");
            }

            var left = PacketLength * BatchLength - (crossing % 4 < 2 ? (await reading).Count : 0);
            while (left > 0)
            {
                left -= (await to.ReadAsync(destination, cancellationToken)).Count;
            }

            (from, to) = (to, from);
        }
    }
}
