using SubnetVpn.TestPlugins.Common;

namespace SubnetVpn.TestPlugins.WithOptions;

internal sealed class OptionsRegistry(TimingOptions timing, PeersOptions peers) : ReportingRegistry
{
    public override string ToString() => $"{timing.DialTimeout} {string.Join(" ", peers.Peers.Select(peer => $"{peer.Id}={string.Join(",", peer.VirtualIps)}"))}".TrimEnd();
}
