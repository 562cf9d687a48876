using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Discovery;
using SubnetVpn.Discovery.Dht;
using SubnetVpn.Discovery.Dht.Records;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;

namespace SubnetVpn.Plugins.Tests.DiscoveryDht;

/// <summary>A node with the plugin, an identity of its own, and a place in a <see cref="MemoryTable"/>.</summary>
internal sealed class DhtNode : IAnnouncedAddresses, IVirtualSubnets, IAsyncDisposable
{
    private static readonly IpPrefix[] s_subnets = [IpPrefix.Parse("10.0.0.0/24"), IpPrefix.Parse("fd00::/64")];

    public DhtNode(MemoryTable table, TimeProvider time, NetworkKey? key = null, DhtOptions? options = null, string name = "default", string address = "10.0.0.1", DhtNode? shared = null)
    {
        Store = shared?.Store ?? table.Add();
        Address = VirtualIp.Parse(address);
        Network = new NetworkContext
        {
            Name = name,
            LocalPeer = Identity.Id,
            VirtualIps = [Address],
            Subnets = s_subnets,
            Key = key ?? NetworkKey.Open(name),
            Mtu = 1400,
        };
        Keys = new NetworkKeys(Network, Ed25519);
        Writer = new RecordWriter(Network, Keys, Identity);
        Reader = new RecordReader(Network, Keys, Ed25519);
        Discovery = new DhtDiscovery(options ?? new DhtOptions(), Network, Identity, Ed25519, this, time, Loggers, Meters, Store, this);
    }

    public static IEd25519 Ed25519 { get; } = new Ed25519Signatures();

    public NodeIdentity Identity { get; } = NodeIdentity.Generate();

    public VirtualIp Address { get; }

    public NetworkContext Network { get; }

    public MemoryTableNode Store { get; }

    public NetworkKeys Keys { get; }

    public RecordWriter Writer { get; }

    public RecordReader Reader { get; }

    public DhtDiscovery Discovery { get; }

    public ScopedMeters Meters { get; } = new();

    public RecordingLoggers Loggers { get; } = new();

    public IReadOnlyList<string> DialAddresses { get; set; } = ["/ip4/198.18.0.1/tcp/4001"];

    public AddressClaim Claim(bool isAutomatic = false) => new(Address, Identity.Id, isAutomatic);

    public PeerMapping Self(bool isAutomatic = false, params string[] prefixes) => new()
    {
        Peer = Identity.Id,
        Prefixes = prefixes.Length > 0 ? [.. prefixes.Select(IpPrefix.Parse)] : [new IpPrefix(Address, Address.BitLength)],
        Source = "self",
        IsAutomatic = isAutomatic,
        Trust = MappingTrust.Authoritative,
    };

    public ValueTask<AnnounceOutcome> AnnounceAsync(bool isAutomatic = false) => Discovery.AnnounceAsync(Self(isAutomatic), TestContext.Current.CancellationToken);

    public ValueTask<PeerLookup> FindAsync(VirtualIp address) => Discovery.FindPeerAsync(address, TestContext.Current.CancellationToken);

    IReadOnlyList<string> IAnnouncedAddresses.GetAnnouncedAddresses() => DialAddresses;

    bool IVirtualSubnets.Contains(VirtualIp address) => s_subnets.Any(subnet => subnet.Contains(address));

    public async ValueTask DisposeAsync()
    {
        await Discovery.DisposeAsync();
        Identity.Dispose();
    }
}
