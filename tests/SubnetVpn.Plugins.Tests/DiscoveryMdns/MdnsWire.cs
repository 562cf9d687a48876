using Microsoft.Extensions.Logging;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Discovery.Mdns.Diagnostics;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.Discovery.Mdns.Peers;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

/// <summary>A wire with engines on it, and its clock. What one sends, all hear at once, itself included.</summary>
internal sealed class MdnsWire
{
    private readonly List<Node> _nodes = [];

    public TimeSpan Now { get; private set; }

    /// <summary>What was sent so far: when, by which node, and what.</summary>
    public List<(TimeSpan At, int Node, OutgoingPacket Packet)> Sent { get; } = [];

    /// <summary>A node with the addresses 198.18.0.NUMBER and 10.0.0.NUMBER, on the wire and telling.</summary>
    public Node Add(int number, string network = "default", MdnsOptions? options = null, ILogger? logger = null, bool isTelling = true)
    {
        var node = new Node(number, network, options ?? new MdnsOptions(), logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        _nodes.Add(node);
        node.Engine.SetLinks([node.Link], Now);
        if (isTelling)
            node.Engine.Announce([IpPrefix.Parse($"10.0.0.{number}")], Now);
        return node;
    }

    /// <summary>Takes a node off the wire, without a word.</summary>
    public void Remove(Node node) => _nodes.Remove(node);

    /// <summary>Lets a node say goodbye and takes it off.</summary>
    public void Leave(Node node)
    {
        List<OutgoingPacket> output = [];
        node.Engine.Leave(output);
        Deliver(node, output);
        Remove(node);
    }

    /// <summary>Gives all nodes a message of a stranger.</summary>
    public void Inject(byte[] packet, string sender = "198.18.0.66")
    {
        foreach (var node in _nodes)
            node.Engine.Receive(1, packet, VirtualIp.Parse(sender), Now);
    }

    /// <summary>Moves the clock.</summary>
    public void Run(TimeSpan duration)
    {
        for (var end = Now + duration; ;)
        {
            var next = end;
            foreach (var node in _nodes.ToArray())
            {
                List<OutgoingPacket> output = [];
                var due = node.Engine.Advance(Now, output);
                Deliver(node, output);
                // What was heard meanwhile may be due before.
                if (output.Count > 0)
                    next = Now;
                else if (due < next)
                    next = due.Value;
            }
            if (next > end || (next == end && Now == end))
                return;
            Now = next;
        }
    }

    public void Run(double seconds) => Run(TimeSpan.FromSeconds(seconds));

    private void Deliver(Node from, List<OutgoingPacket> output)
    {
        foreach (var packet in output)
        {
            Sent.Add((Now, from.Number, packet));
            foreach (var node in _nodes.ToArray())
                node.Engine.Receive(1, packet.Packet, from.Link.Addresses[0].Address, Now);
        }
    }

    /// <summary>A node on the wire.</summary>
    internal sealed class Node
    {
        public Node(int number, string network, MdnsOptions options, ILogger logger)
        {
            Number = number;
            Network = new NetworkContext
            {
                Name = network,
                LocalPeer = TestPeers.Create(number),
                VirtualIps = [VirtualIp.Parse($"10.0.0.{number}")],
                Subnets = [IpPrefix.Parse("10.0.0.0/24"), IpPrefix.Parse("fd00::/64")],
                Mtu = 1400,
                ListenAddresses = ["/ip4/0.0.0.0/tcp/4001", "/ip4/127.0.0.1/tcp/4001"],
            };
            Link = new LocalLink(1, "eth0", [new LinkAddress(VirtualIp.Parse($"198.18.0.{number}"), IpPrefix.Parse("198.18.0.0/24"))]) { HasIPv4 = true };
            Engine = new MdnsEngine(Network, options, Counters, new PeerTable(Network, options, Counters, logger), new Random(number));
        }

        public int Number { get; }

        public NetworkContext Network { get; }

        public LocalLink Link { get; }

        public MdnsCounters Counters { get; } = new();

        public MdnsEngine Engine { get; }

        /// <summary>The number of the node that it believes to hold an address, or null.</summary>
        public PeerId? HolderOf(string address) => Engine.Peers.Find(VirtualIp.Parse(address))?.Peer;
    }
}
