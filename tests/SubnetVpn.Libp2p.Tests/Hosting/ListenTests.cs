using System.Net;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Tcp;

namespace SubnetVpn.Libp2p.Tests.Hosting;

public class ListenTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listen_PortInUse_SaysSo()
    {
        await using HostPair pair = await HostPair.StartAsync();
        await using Libp2pHost other = HostPair.NewHost();

        ListenException exception = await Assert.ThrowsAsync<ListenException>(() => other.ListenAsync(pair.ServerAddresses));

        Assert.Equal(ListenFailure.AddressInUse, exception.Reason);
        Assert.Contains(pair.ServerAddresses[0].ToString(), exception.Message, StringComparison.Ordinal);
        Assert.Empty(other.ListenAddresses);
    }

    [Theory]
    [InlineData("/ip4/192.0.2.55/tcp/0", ListenFailure.AddressNotAvailable)]
    [InlineData("/ip4/127.0.0.1/udp/0/quic-v1", ListenFailure.NotSupported)]
    [InlineData("/dns4/localhost/tcp/0", ListenFailure.NotSupported)]
    public async Task Listen_AddressThatCannotBeHad_SaysWhy(string address, ListenFailure reason)
    {
        await using Libp2pHost host = HostPair.NewHost();

        ListenException exception = await Assert.ThrowsAsync<ListenException>(() => host.ListenAsync([Multiaddr.Parse(address)]));

        Assert.Equal(reason, exception.Reason);
    }

    [Fact]
    public async Task Listen_IPv4AndIPv6OnTheSamePort_BothWork()
    {
        await using Libp2pHost server = HostPair.NewHost();
        await using Libp2pHost client = HostPair.NewHost();
        await server.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        Assert.True(server.ListenAddresses[0].TryGetTcpEndPoint(out EndPoint? first));
        await server.ListenAsync([Multiaddr.Parse($"/ip6/::1/tcp/{((IPEndPoint)first).Port}")]);
        using IDisposable handling = server.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        OpenStreamResult result = await client.OpenStreamAsync(server.PeerId, [server.ListenAddresses[1]], [HostPair.Protocol], 0, Token);

        Assert.NotNull(result.Stream);
        Assert.StartsWith("/ip6/::1/tcp/", result.Stream.Connection.RemoteAddress.ToString(), StringComparison.Ordinal);
    }
}
