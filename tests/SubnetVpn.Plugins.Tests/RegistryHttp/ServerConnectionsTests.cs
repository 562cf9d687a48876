using System.Net;
using System.Net.Sockets;
using SubnetVpn.Registry.Http.Protocol;

namespace SubnetVpn.Plugins.Tests.RegistryHttp;

public sealed class ServerConnectionsTests : IVirtualSubnets
{
    private static readonly IpPrefix[] s_loopback = [IpPrefix.Parse("127.0.0.0/8"), IpPrefix.Parse("::1/128")];

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Connect_InsideAVirtualSubnet_IsRefusedAlsoByName(string host)
    {
        // Somebody listens there: it would work.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new HttpClient(ServerConnections.Create(this));

        var exception = await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetAsync(new Uri($"http://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}"), TestContext.Current.CancellationToken));

        Assert.Contains("is inside a virtual subnet of this node", exception.InnerException?.Message ?? exception.Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    public bool Contains(VirtualIp address) => s_loopback.Any(prefix => prefix.Contains(address));
}
