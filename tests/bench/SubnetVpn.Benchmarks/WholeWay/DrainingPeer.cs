using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Streams;
using SubnetVpn.Discovery;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.Transport.Libp2p;
using SubnetVpn.Transport.Libp2p.Records;

namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>A libp2p peer on loopback that decrypts whatever it gets, and forgets it.</summary>
internal sealed class DrainingPeer : IAsyncDisposable
{
    private const int ReadBytes = 256 * 1024;

    private readonly NodeIdentity _identity = NodeIdentity.Generate();
    private readonly Libp2pTransport _transport;

    private DrainingPeer(VirtualIp address)
    {
        Address = address;
        _transport = CreateTransport(_identity);
        _transport.HandleStreams(VpnProtocols.Current(new NetworkSettings { Addresses = [] }), DrainAsync);
    }

    public VirtualIp Address { get; }

    public PeerMapping Mapping { get; private set; } = null!;

    public static Libp2pTransport CreateTransport(INodeIdentity identity) => new(
        new Libp2pTransportOptions { Dht = DhtMode.Off, InboundRatePerAddress = 1000, InboundBurstPerAddress = 1000 }, identity, NoSubnets.Instance,
        TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters());

    public static async Task<DrainingPeer> StartAsync(VirtualIp address)
    {
        var peer = new DrainingPeer(address);
        peer.Mapping = new PeerMapping
        {
            Peer = peer._identity.Id,
            Prefixes = [new IpPrefix(address, address.BitLength)],
            Addresses = await peer._transport.ListenAsync(["/ip4/127.0.0.1/tcp/0"], CancellationToken.None),
            Source = "bench",
            Trust = MappingTrust.Authoritative,
        };
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _identity.Dispose();
    }

    private static async Task DrainAsync(IVpnStream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[ReadBytes];
        while ((await stream.ReadAsync(buffer, cancellationToken)).End == StreamEnd.None)
        {
        }
    }

    private sealed class NoSubnets : IVirtualSubnets
    {
        public static NoSubnets Instance { get; } = new();

        public bool Contains(VirtualIp address) => false;
    }
}
