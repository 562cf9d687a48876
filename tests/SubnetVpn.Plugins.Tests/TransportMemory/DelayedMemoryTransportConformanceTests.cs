using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Plugins.Tests.TransportMemory;

/// <summary>The same over a link that takes time, is not unlimited, and splits what it carries.</summary>
public sealed class DelayedMemoryTransportConformanceTests : TransportConformance
{
    private static readonly MemoryLinkSettings s_link = new() { Delay = TimeSpan.FromMilliseconds(2), BytesPerSecond = 500_000_000, SplitReads = true };
    private readonly MemoryNetwork _network = new(TimeProvider.System, s_link);
    private int _lastPeer;

    protected override string AnyAddress => "/memory/0";

    protected override ValueTask<(PeerId Peer, ITransport Transport)> CreateTransportAsync()
    {
        var peer = TestPeers.Create(++_lastPeer);
        return ValueTask.FromResult<(PeerId, ITransport)>((peer, _network.CreateTransport(peer)));
    }
}
