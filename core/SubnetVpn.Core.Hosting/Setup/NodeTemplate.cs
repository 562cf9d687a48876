using System.Text;
using SubnetVpn.Core.Hosting.Configuration;

namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>The configuration of a new node: complete, and commented for who reads it for the first time.</summary>
internal static class NodeTemplate
{
    /// <summary>Writes it.</summary>
    /// <param name="node">What is peculiar to the node.</param>
    /// <param name="files">Where it goes.</param>
    public static string Render(NewNode node, NodeFiles files) => $"""
        # The configuration of a SubnetVpn node, made by '{node.MadeBy}'. Change what you like, then:
        #
        #   subnetvpnd --config {files.Configuration} --check     # tells every mistake, starts nothing
        #   subnetvpn reload --restart --config {files.Configuration}   # has the running node use it
        #
        # Relative paths count from the folder of this file.

        node:
          # Who this node is: its private key, from which its peer id follows. Nobody else may have this file (mode 0600).
          identity: {NodeFiles.IdentityName}
          # Where peers reach this node: let this TCP port in at the firewall, and forward it where a router stands before this machine.
          # A node that nobody can dial still dials the others. Port 0 takes any free port.
          listen: [{Quoted(node.Listen)}]

        control:
          # Where 'subnetvpn status', 'peers' and so on reach the running node. Only the user who runs it can.
          socket: {Socket(files)}

        {Network(node)}
        plugins:
          # The LAN is asked by multicast DNS; every Ethernet and wireless interface is used unless this names some.
          discovery.mdns: {"{}"}

          # The distributed hash table: members keep each other's records, which only holders of the network key can read.
          discovery.dht:
            # Members to ask first, as multiaddresses with a peer id: others are found through them. One that can be dialled is enough; more
            # are safer. The first node of a network needs none.
            bootstrap:{List(node.Bootstrap, "      ")}
        {(node.DhtProtocol is null ? string.Empty : $"    # The name of the table; the same on all members.\n    protocol: {node.DhtProtocol}\n")}
        """.TrimEnd() + "\n";

    private static string Network(NewNode node)
    {
        var isDefault = node.Network == "default";
        var heading = isDefault
            ? "vpn:\n"
            : $"# A node can be in several networks: each has a name, which is the same on all members, and keys like these.\nnetworks:\n  {node.Network}:\n";
        return heading + Indented(Keys(node), isDefault ? "  " : "    ");
    }

    private static string Keys(NewNode node) => $"""
        # The network's addresses: the same on all members, and nothing that a member reaches otherwise. 'subnetvpn init' takes a range by
        # chance that its machine does not use, so that two networks seldom have the same one.
        {Addresses(node)}
        # Who is a member: whoever holds this key (32 bytes in base64, mode 0600). 'subnetvpn invite' hands it on. Keep it secret; when it got
        # into wrong hands, all members need a new one: subnetvpn keygen --network
        network_key: {NodeFiles.NetworkKeyName}
        # Bytes of the largest packet inside the tunnel; the same on all members is best.
        mtu: 1400
        # TCP and UDP ports that nobody reaches through the network, in either direction, such as [22, 3306].
        unallowed_ports: []
        # The plugins that do the work. Peers are looked for in the members' hash table (dht); those on the LAN tell of themselves (mdns).
        strategies: {"{ transport: libp2p, discovery: [dht, mdns], tun: auto, scheduler: sticky, resilience: polly }"}
        """;

    private static string Addresses(NewNode node)
    {
        var text = new StringBuilder();
        if (node.Subnet is { } subnet)
        {
            text.Append($"subnet: {subnet}\n");
            text.Append(node.VirtualIp == NewNode.Auto
                ? "# This node's address: 'auto' follows from its peer id, and the next one is taken when somebody has it. Or one of your choice.\n"
                : "# This node's address; nobody else may have it. 'auto' lets the node find one.\n");
            text.Append($"virtual_ip: {node.VirtualIp}\n");
        }
        if (node.Subnet6 is { } subnet6)
            text.Append($"subnet6: \"{subnet6}\"\n");
        text.Append("# The same in IPv6: it follows from the peer id, so that anyone can check whose it is. Leave it out for IPv4 alone.\n");
        text.Append("virtual_ip6: auto");
        return text.ToString();
    }

    // Where commands look for it without being told; beside a configuration that is elsewhere, so that nodes do not get in each other's way.
    private static string Socket(NodeFiles files) =>
        !files.IsDefault && Encoding.UTF8.GetByteCount(Path.Combine(files.Folder, "control.sock")) <= ControlSocketPath.MaxLength
            ? "control.sock"
            : ControlSocketPath.Default;

    private static string List(IReadOnlyList<string> values, string indent) =>
        values.Count == 0 ? " []" : string.Concat(values.Select(value => $"\n{indent}- {value}"));

    private static string Quoted(IEnumerable<string> values) => string.Join(", ", values.Select(static value => $"\"{value}\""));

    private static string Indented(string text, string indent) => string.Concat(text.Split('\n').Select(line => $"{indent}{line}\n"));
}
