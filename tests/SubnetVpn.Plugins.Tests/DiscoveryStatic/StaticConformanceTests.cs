using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Static;
using SubnetVpn.TestKit.Discovery;

namespace SubnetVpn.Plugins.Tests.DiscoveryStatic;

public sealed class StaticConformanceTests : PeerDiscoveryConformance
{
    protected override ValueTask<IPeerDiscovery> CreateAsync()
    {
        var options = new StaticDiscoveryOptions
        {
            Peers = [.. Known.Select(static mapping => new StaticPeerOptions
            {
                Id = mapping.Peer,
                Addresses = [.. mapping.Addresses.Select(PeerAddress.Parse)],
                VirtualIps = [.. mapping.Prefixes.Where(static prefix => prefix.IsSingleAddress).Select(static prefix => prefix.Address)],
                Routes = [.. mapping.Prefixes.Where(static prefix => !prefix.IsSingleAddress)],
            })],
        };
        return ValueTask.FromResult<IPeerDiscovery>(new StaticDiscovery(options, Network, NullLogger<StaticDiscovery>.Instance));
    }
}
