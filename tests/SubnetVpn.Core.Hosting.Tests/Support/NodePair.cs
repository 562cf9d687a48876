using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Control;
using SubnetVpn.Core.Control.Telemetry;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Core.Hosting.Nodes;
using SubnetVpn.TestKit.Tun;

namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>
/// Two whole nodes over libp2p on the loopback device: a, whose host is the test, with a control socket; and b, whose host
/// answers UDP to port 7.
/// </summary>
internal sealed class NodePair : IAsyncDisposable
{
    private const ushort EchoPort = 7;

    private readonly List<IAsyncDisposable> _held = [];
    private readonly TemporaryFolder _folder = new();
    private readonly TestServices _services = new();
    private Socket? _host;

    /// <summary>The control socket of a.</summary>
    public string ControlSocket => _folder.File("a.sock");

    public SubnetVpnNode A { get; private set; } = null!;

    public PeerId PeerB { get; private set; }

    public NodeServices ServicesOfA => _services.Node;

    public static async Task<NodePair> StartAsync(CancellationToken cancellationToken)
    {
        var pair = new NodePair();
        try
        {
            await pair.RunAsync(cancellationToken);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends packets through the tunnel and waits until all answers have come back.</summary>
    public async Task EchoAsync(int count, CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        for (var i = 0; i < count; i++)
        {
            var packet = TunPackets.Udp(VirtualIp.Parse("10.77.0.1"), VirtualIp.Parse("10.77.0.2"), (ushort)(5000 + i), EchoPort, [1, 2, 3, 4]);
            var framed = new byte[4 + packet.Length];
            BinaryPrimitives.WriteInt32BigEndian(framed, packet.Length);
            packet.CopyTo(framed, 4);
            await _host!.SendAsync(framed, cancellationToken);
            for (var received = 0; received < framed.Length;)
                received += await _host.ReceiveAsync(buffer, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _host?.Dispose();
        for (var i = _held.Count - 1; i >= 0; i--)
            await _held[i].DisposeAsync();
        _services.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using (var identity = IdentityFile.Create(_folder.File("a.key")))
        {
            // The services of b are others: in its own process they would be, too.
            var services = new TestServices();
            _held.Add(new Ending(services));
            var b = Hold(new SubnetVpnNode(Plan("b", 2, identity.Id.ToString(), "[]", "10.77.0.1", "echo: true"), services.Node));
            await b.StartAsync(cancellationToken);
            PeerB = b.GetSnapshot().Peer;
            var plan = Plan("a", 1, PeerB.ToString(), $"[\"{b.GetSnapshot().ListenAddresses[0]}\"]", "10.77.0.2", $"host_socket: {_folder.File("host.sock")}");
            var telemetry = new NodeTelemetry(_services.Node.Meters);
            _held.Add(new Ending(telemetry));
            A = Hold(new SubnetVpnNode(plan, _services.Node));
            Hold(await ControlServer.StartAsync(A, plan, telemetry, NullLoggerFactory.Instance, cancellationToken));
        }
        await A.StartAsync(cancellationToken);
        _host = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await _host.ConnectAsync(new UnixDomainSocketEndPoint(_folder.File("host.sock")), cancellationToken);
    }

    private NodePlan Plan(string name, int address, string peer, string peerAddresses, string peerIp, string tun)
    {
        var plan = NodePlan.Make(new ConfigurationInputs
        {
            File = _folder.Write($"{name}.yaml", $$"""
                node: { identity: {{name}}.key, listen: ["/ip4/127.0.0.1/tcp/0"] }
                control: { socket: {{name}}.sock }
                vpn: { virtual_ip: 10.77.0.{{address}}, subnet: 10.77.0.0/24, min_streams_per_peer: 2, {{TestNodes.Strategies}} }
                plugins:
                  tun.memory: { {{tun}} }
                  discovery.static:
                    peers: [ { id: {{peer}}, addresses: {{peerAddresses}}, virtual_ips: [{{peerIp}}] } ]
                """),
        });
        _held.Add(new Ending(plan));
        return plan;
    }

    private T Hold<T>(T disposable)
        where T : IAsyncDisposable
    {
        _held.Add(disposable);
        return disposable;
    }

    private sealed class Ending(IDisposable disposable) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            disposable.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
