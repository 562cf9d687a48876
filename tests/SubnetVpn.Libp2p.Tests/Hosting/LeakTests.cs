using System.Net.Sockets;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.TestKit.Leaks;

namespace SubnetVpn.Libp2p.Tests.Hosting;

[Collection(nameof(AllocationTests))]
public class LeakTests
{
    [Fact]
    public async Task Dispose_AfterGoodAndBadConnections_LeavesNoSocket()
    {
        Assert.SkipUnless(FileDescriptors.CanCount, "The descriptors of this process cannot be counted here.");
        int before = FileDescriptors.Count("socket:");
        await using (HostPair pair = await HostPair.StartAsync())
        {
            using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
            Libp2pStream[] streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(lane => pair.OpenAsync(lane)));
            Assert.Equal(4, streams.Select(static stream => stream.Connection).Distinct().Count());
            await streams[0].Connection.CloseAsync();
            for (int i = 0; i < 10; i++)
            {
                await pair.Client.ConnectAsync(new TestIdentity().PeerId, pair.ServerAddresses, 0, TestContext.Current.CancellationToken);
                using Socket? socket = await RawPeer.TryConnectSocketAsync(pair.Server);
                using RawPeer peer = await RawPeer.ConnectAsync(pair.Server);
            }
        }

        await FileDescriptors.AssertNoMoreThanAsync(before, "socket:");
    }
}
