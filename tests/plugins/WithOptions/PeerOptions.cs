namespace SubnetVpn.TestPlugins.WithOptions;

public sealed class PeerOptions
{
    public required string Id { get; init; }

    public IReadOnlyList<VirtualIp> VirtualIps { get; init; } = [];
}
