using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Plugins.Tests.TransportMemory;

public sealed class MemoryTransportConformanceTests : TransportConformance
{
    private readonly MemoryNetwork _network = new(TimeProvider.System);
    private int _lastPeer;

    protected override string AnyAddress => "/memory/0";

    protected override ValueTask<(PeerId Peer, ITransport Transport)> CreateTransportAsync()
    {
        var peer = TestPeers.Create(++_lastPeer);
        return ValueTask.FromResult<(PeerId, ITransport)>((peer, _network.CreateTransport(peer)));
    }
}
