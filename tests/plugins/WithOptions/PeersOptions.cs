namespace SubnetVpn.TestPlugins.WithOptions;

public sealed class PeersOptions
{
    public IReadOnlyList<PeerOptions> Peers { get; set; } = [];
}
