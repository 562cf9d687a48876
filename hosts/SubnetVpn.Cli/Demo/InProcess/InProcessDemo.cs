using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Control.Reports;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Cli.Demo.InProcess;

/// <summary>
/// Two nodes in this process with memory TUNs, over libp2p on the loopback device. This program is the host of node a;
/// the device of node b answers echo requests itself.
/// </summary>
internal sealed class InProcessDemo(DemoScreen screen, DemoFolder folder, TimeProvider time)
{
    private const int Pings = 20;

    public async Task RunAsync(int bytes, CancellationToken cancellationToken)
    {
        var (a, b) = (DemoNode.Create("a", 1, folder), DemoNode.Create("b", 2, folder));
        await using var services = new ServiceCollection().AddMetrics().AddLogging().AddSingleton(time).BuildServiceProvider();
        var nodeServices = NodeServices.From(services);

        // b listens on a port of the system's choice, which then stands in the configuration of a; a dials, b answers.
        b.WriteConfiguration("/ip4/127.0.0.1/tcp/0", a, null, "strategies: { tun: memory }", "tun.memory: { echo: true }");
        using var planB = NodePlan.Make(new ConfigurationInputs { File = b.ConfigurationFile });
        await using var nodeB = new SubnetVpnNode(planB, nodeServices);
        await nodeB.StartAsync(cancellationToken);
        var address = nodeB.GetSnapshot().ListenAddresses[0];
        a.WriteConfiguration("/ip4/127.0.0.1/tcp/0", b, address, "strategies: { tun: memory }", $"tun.memory: {{ host_socket: \"{a.HostSocket}\" }}");
        using var planA = NodePlan.Make(new ConfigurationInputs { File = a.ConfigurationFile });
        await using var nodeA = new SubnetVpnNode(planA, nodeServices);
        await nodeA.StartAsync(cancellationToken);
        Tell(a, nodeA.GetSnapshot());
        Tell(b, nodeB.GetSnapshot());

        await using var host = await HostLink.ConnectAsync(a.HostSocket, cancellationToken);
        var pinger = new MemoryPinger(host, IPAddress.Parse(a.Ip4), IPAddress.Parse(b.Ip4), time);
        screen.Step("ping", $"first answer after {(await pinger.WaitForFirstAnswerAsync(cancellationToken)).TotalMilliseconds:0} ms, which opens the streams");
        screen.Step("", $"{await pinger.RunAsync(Pings, cancellationToken)}");
        var transfer = new EchoTransfer(host, IPAddress.Parse(a.Ip4), IPAddress.Parse(b.Ip4), time);
        screen.Step("UDP echo", $"{await transfer.RunAsync(bytes, nodeA.GetSnapshot().Networks[0].Mtu, cancellationToken)}");
        screen.Step("", $"there and back; {HumanText.Count(transfer.Repeated, "datagram")} had to be sent again");
        TellPath(nodeA.GetSnapshot());
    }

    private void Tell(DemoNode node, NodeSnapshot snapshot)
    {
        var network = snapshot.Networks[0];
        screen.Step($"node {node.Name}", $"{snapshot.Peer}, {string.Join(" and ", network.Addresses)}");
        screen.Step("", $"TUN device {network.TunName} in memory, MTU {network.Mtu}, listens on {string.Join(", ", snapshot.ListenAddresses)}");
    }

    private void TellPath(NodeSnapshot snapshot)
    {
        var peer = PeerReport.Make(snapshot).Peers[0];
        var streams = peer.Streams.Select(stream => stream.Protocol).Distinct();
        screen.Step("path", $"memory, {string.Join(", ", streams)} over {(peer.Connections is [var first, ..] ? first.Description : "no connection")}, loopback, and back");
        screen.Step("", peer.Summary);
        screen.Step("encryption", "Noise XX (X25519, ChaCha20-Poly1305, SHA-256), each node proven by its Ed25519 key");
    }
}
