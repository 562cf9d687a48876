using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Interop.Tests.Protocols;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Tests;

namespace SubnetVpn.Interop.Tests;

/// <summary>A libp2p host of ours on loopback that serves the test protocols.</summary>
internal sealed class InteropHost : IAsyncDisposable
{
    private InteropHost(Libp2pHost host) => Host = host;

    public Libp2pHost Host { get; }

    /// <summary>Where a peer reaches this host, with its peer id.</summary>
    public string Address => Host.ListenAddresses[0].WithPeerId(Host.PeerId).ToString();

    public static async Task<InteropHost> StartAsync()
    {
        var host = new Libp2pHost(
            new TestIdentity(),
            new Libp2pOptions { AgentVersion = "subnetvpn-interop/1.0.0" },
            TimeProvider.System,
            NullLoggerFactory.Instance);
        host.Handle(InteropProtocol.Exchange, ProtocolHandlers.ExchangeAsync);
        host.Handle(InteropProtocol.Echo, ProtocolHandlers.EchoAsync);
        host.Handle(InteropProtocol.Reset, ProtocolHandlers.ResetAsync);
        await host.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        return new InteropHost(host);
    }

    /// <summary>Dials a js peer at its first address; the peer id can be another one than the address says.</summary>
    public Task<ConnectResult> DialAsync(JsPeer peer, PeerId? claimed = null)
    {
        var id = claimed ?? PeerId.Parse(peer.PeerId);
        return Host.ConnectAsync(id, [Multiaddr.Parse(peer.Addresses[0]).WithoutPeerId()!.WithPeerId(id)], lane: 0, TestContext.Current.CancellationToken);
    }

    public async Task<Libp2pStream> OpenAsync(JsPeer peer, string protocol)
    {
        var opened = await Host.OpenStreamAsync(PeerId.Parse(peer.PeerId), [], [protocol], lane: 0, TestContext.Current.CancellationToken);
        Assert.True(opened.Stream is not null, $"{opened.Failure}: {opened.Detail}\n{peer.Log}");
        return opened.Stream;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
