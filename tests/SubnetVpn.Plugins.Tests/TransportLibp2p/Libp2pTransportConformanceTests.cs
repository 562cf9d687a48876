using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Libp2p;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

public sealed class Libp2pTransportConformanceTests : TransportConformance
{
    private readonly List<NodeIdentity> _identities = [];

    protected override string AnyAddress => "/ip4/127.0.0.1/tcp/0";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var identity in _identities)
        {
            identity.Dispose();
        }
    }

    protected override ValueTask<(PeerId Peer, ITransport Transport)> CreateTransportAsync()
    {
        var identity = NodeIdentity.Generate();
        _identities.Add(identity);
        ITransport transport = new Libp2pTransport(new Libp2pTransportOptions(), identity, NoSubnets.Instance, TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters());
        return ValueTask.FromResult((identity.Id, transport));
    }
}
