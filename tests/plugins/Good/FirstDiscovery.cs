using SubnetVpn.Discovery;

namespace SubnetVpn.TestPlugins.Good;

internal sealed class FirstDiscovery(IRecordStore records) : IPeerDiscovery
{
    public ValueTask<PeerLookup> FindPeerAsync(VirtualIp address, CancellationToken cancellationToken) => new(PeerLookup.NotFound());

    public ValueTask<AnnounceOutcome> AnnounceAsync(PeerMapping self, CancellationToken cancellationToken) => new(AnnounceOutcome.NotSupported);

    public override string ToString() => $"first over {records}";
}
