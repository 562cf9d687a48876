using System.Net;
using System.Net.Sockets;
using System.Text;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary><c>unallowed_ports</c> between two nodes: one of them has the list, and it holds in both directions.</summary>
public sealed class FilterTests(FilterTests.Nodes nodes) : IClassFixture<FilterTests.Nodes>
{
    private const int Blocked = 2222, Open = 2223;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // isV6, isFromB, fragmented
    public static TheoryData<bool, bool, int> Ways => new()
    {
        { false, false, 100 }, { false, true, 100 }, { true, false, 100 }, { true, true, 100 }, { false, false, 4000 }, { true, true, 4000 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Udp_BlockedPort_DoesNotArriveWhileAnotherDoes(bool isV6, bool isFromB, int size)
    {
        Requirements.Namespaces();
        var (from, to) = isFromB ? (nodes.B, nodes.A) : (nodes.A, nodes.B);
        var address = isV6 ? to.VirtualIp6 : to.VirtualIp;
        using var blocked = Listen(to, address, Blocked);
        using var open = Listen(to, address, Open);
        using var sender = from.Machine.Namespace.CreateSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        var datagram = Encoding.ASCII.GetBytes(new string('x', size));
        var buffer = new byte[65536];

        for (var i = 0; i < 20; i++)
        {
            await sender.SendToAsync(datagram, SocketFlags.None, new IPEndPoint(address, Blocked), Cancellation);
            await sender.SendToAsync(datagram, SocketFlags.None, new IPEndPoint(address, Open), Cancellation);
        }

        // What was sent later and is allowed has come; what was sent before it and is not, would have.
        Assert.Equal(size, await open.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, Cancellation));
        Assert.Equal(0, blocked.Available);
        Assert.True((await nodes.A.StatusAsync()).Sum("port_not_allowed") > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tcp_BlockedPort_DoesNotConnect(bool isFromB)
    {
        Requirements.Namespaces();
        var (from, to) = isFromB ? (nodes.B, nodes.A) : (nodes.A, nodes.B);
        using var listener = to.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(to.VirtualIp, Blocked));
        listener.Listen();
        using var client = from.Machine.Namespace.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ConnectAsync(to.VirtualIp, Blocked, patience.Token).AsTask());
    }

    private static Socket Listen(LabNode node, IPAddress address, int port)
    {
        var socket = node.Machine.Namespace.CreateSocket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    public sealed class Nodes : TwoNodes
    {
        protected override LabNodeSettings Change(LabNodeSettings settings) =>
            settings.VirtualIp.EndsWith('1') ? settings with { Vpn = [$"unallowed_ports: [{Blocked}]"] } : settings;
    }
}
