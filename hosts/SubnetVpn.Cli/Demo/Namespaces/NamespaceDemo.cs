using System.Net;
using SubnetVpn.Core.Hosting.Control;
using SubnetVpn.Core.Hosting.Control.Contracts;

namespace SubnetVpn.Cli.Demo.Namespaces;

/// <summary>Two daemons with real TUN devices in two namespaces.</summary>
internal sealed class NamespaceDemo(DemoScreen screen, DemoFolder folder, TimeProvider time)
{
    private const int Pings = 20;

    public async Task RunAsync(int bytes, CancellationToken cancellationToken)
    {
        var (a, b) = (DemoNode.Create("a", 1, folder), DemoNode.Create("b", 2, folder));
        WriteConfiguration(a, b);
        WriteConfiguration(b, a);
        await using var lab = await NamespaceLab.CreateAsync(a, b, cancellationToken);
        screen.Step("namespaces", $"{lab.A.Name} ({NamespaceLab.UnderlayOf(a)}) and {lab.B.Name} ({NamespaceLab.UnderlayOf(b)})");

        await using var daemonA = DaemonProcess.Start(a, lab.A, time);
        await using var daemonB = DaemonProcess.Start(b, lab.B, time);
        Tell(a, await daemonA.WaitAsync(cancellationToken));
        Tell(b, await daemonB.WaitAsync(cancellationToken));

        await PingAsync("ping, IPv4", lab.A, b.Ip4, cancellationToken);
        await PingAsync("ping, IPv6", lab.A, b.Ip6, cancellationToken);
        var transfer = new TcpTransfer(bytes, time);
        screen.Step("TCP a to b", $"{await transfer.RunAsync(lab.A, lab.B, IPAddress.Parse(b.Ip4), cancellationToken)}");
        screen.Step("TCP b to a", $"{await transfer.RunAsync(lab.B, lab.A, IPAddress.Parse(a.Ip4), cancellationToken)}");
        await TellPathAsync(a, cancellationToken);
    }

    private static void WriteConfiguration(DemoNode node, DemoNode other) => node.WriteConfiguration(
        $"/ip4/{NamespaceLab.UnderlayOf(node)}/tcp/4001", other, $"/ip4/{NamespaceLab.UnderlayOf(other)}/tcp/4001", "tun_name: vpn0", "# nothing peculiar");

    private void Tell(DemoNode node, NodeStatus status)
    {
        var network = status.Networks[0];
        screen.Step($"node {node.Name}", $"{status.PeerId}, {string.Join(" and ", network.VirtualIps)}");
        screen.Step("", $"TUN device {network.Tun}, MTU {network.Mtu}, offloads: {(network.Offloads.Count == 0 ? "none" : string.Join(", ", network.Offloads))}");
    }

    private async Task PingAsync(string subject, NetworkNamespace from, string to, CancellationToken cancellationToken)
    {
        using var pinger = new IcmpPinger(from, IPAddress.Parse(to), time);
        screen.Step(subject, $"first answer after {(await pinger.WaitForFirstAnswerAsync(cancellationToken)).TotalMilliseconds:0} ms");
        var result = await pinger.RunAsync(Pings, cancellationToken);
        screen.Step("", $"{result}");
        if (result.RoundTrips.Count < result.Sent)
            throw DemoFault.Because($"{result.Sent - result.RoundTrips.Count} echo requests to {to} were lost.");
    }

    private async Task TellPathAsync(DemoNode node, CancellationToken cancellationToken)
    {
        using var client = new ControlClient(node.ControlSocket);
        var peer = (await client.GetPeersAsync(cancellationToken)).Peers[0];
        var streams = peer.Streams.Select(stream => stream.Protocol).Distinct();
        screen.Step("path", $"kernel, TUN, {string.Join(", ", streams)} over {(peer.Connections is [var first, ..] ? first.Description : "no connection")}, veth, and back up");
        screen.Step("", peer.Summary);
        screen.Step("encryption", "Noise XX (X25519, ChaCha20-Poly1305, SHA-256), each node proven by its Ed25519 key");
    }
}
