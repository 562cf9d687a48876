using System.Net;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Serving;
using SubnetVpn.Libp2p.Kademlia.Wire;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

/// <summary>Nodes in one process. Messages travel as bytes; who is down does not answer. Seeded: the same every time.</summary>
internal sealed class MemoryNetwork(int seed)
{
    private readonly Dictionary<PeerId, KademliaNode> _nodes = [];
    private readonly Queue<Func<Task>> _background = [];

    public Random Random { get; } = new(seed);

    public ManualTimeProvider Time { get; } = new();

    public HashSet<PeerId> Down { get; } = [];

    public List<PeerId> Ids { get; } = [];

    /// <summary>Requests that peers have answered.</summary>
    public int Requests { get; private set; }

    /// <summary>May change what a peer answers: an untruthful one.</summary>
    public Func<PeerId, KademliaMessage, KademliaMessage>? Tamper { get; set; }

    public KademliaNode this[PeerId id] => _nodes[id];

    public static Multiaddr AddressOf(int index) => Multiaddr.Parse($"/ip4/10.{index >> 16}.{(index >> 8) & 255}.{index & 255}/tcp/4001");

    public PeerId NewId()
    {
        var hash = new byte[34];
        Random.NextBytes(hash);
        (hash[0], hash[1]) = (0x12, 0x20);
        Assert.True(PeerId.TryFromBytes(hash, out PeerId id));
        return id;
    }

    public KademliaNode Add(bool isServer = true, Action<KademliaOptions>? configure = null, PeerId? bootstrap = null)
    {
        PeerId id = NewId();
        int index = Ids.Count;
        var options = new KademliaOptions();
        if (bootstrap is { } peer)
        {
            options.Bootstrap = [AddressOf(Ids.IndexOf(peer)).WithPeerId(peer)];
        }

        configure?.Invoke(options);
        var node = new KademliaNode(id, options, new Link(this, id, index), Time, _background.Enqueue, CancellationToken.None) { IsServer = isServer };
        node.Validators.Add(NumberValidator.Namespace, new NumberValidator());
        _nodes.Add(id, node);
        Ids.Add(id);
        return node;
    }

    /// <summary>Adds nodes one after the other; each joins by a server that is there.</summary>
    public async Task GrowAsync(int count)
    {
        while (Ids.Count < count)
        {
            PeerId[] servers = [.. Ids.Where(id => _nodes[id].IsServer)];
            PeerId? bootstrap = servers.Length == 0 ? null : servers[Random.Next(servers.Length)];
            KademliaNode node = Add(bootstrap: bootstrap);
            if (bootstrap is not null)
            {
                Assert.True(await node.BootstrapAsync(CancellationToken.None));
            }
        }
    }

    /// <summary>Does what nodes left to be done in the background.</summary>
    public async Task SettleAsync()
    {
        while (_background.TryDequeue(out Func<Task>? work))
        {
            await work();
        }
    }

    public PeerId AnyAlive()
    {
        PeerId id;
        do
        {
            id = Ids[Random.Next(Ids.Count)];
        }
        while (Down.Contains(id));
        return id;
    }

    private KademliaReply Deliver(PeerId from, KademliaPeer to, KademliaMessage request)
    {
        if (Down.Contains(to.Id) || !_nodes.TryGetValue(to.Id, out KademliaNode? node))
        {
            return KademliaReply.Failed(RequestFailure.Unreachable);
        }

        if (!node.IsServer)
        {
            return KademliaReply.Failed(RequestFailure.NotServed);
        }

        Requests++;
        if (_nodes[from].IsServer)
        {
            node.PeerSeen(new KademliaPeer(from, [AddressOf(Ids.IndexOf(from))]), null);
        }

        KademliaAnswer answer = node.Serve(from, Travel(request));
        if (answer.Refusal != KademliaRefusal.None)
        {
            return KademliaReply.Failed(RequestFailure.Refused);
        }

        KademliaMessage? reply = answer.Reply is null ? null : Travel(answer.Reply);
        return new KademliaReply(reply is null || Tamper is null ? reply : Tamper(to.Id, reply), RequestFailure.None, IPAddress.Loopback);
    }

    private static KademliaMessage Travel(KademliaMessage message)
    {
        byte[] bytes = KademliaCodec.Encode(message);
        int prefix = bytes.Length < 0x81 ? 1 : bytes.Length < 0x4002 ? 2 : 3;
        Assert.Equal(KademliaRefusal.None, KademliaCodec.TryDecode(bytes.AsSpan(prefix), out KademliaMessage? read));
        return read!;
    }

    private sealed class Link(MemoryNetwork network, PeerId self, int index) : IKademliaNetwork
    {
        public IReadOnlyList<Multiaddr> OwnAddresses { get; } = [AddressOf(index)];

        public Task<KademliaReply> RequestAsync(KademliaPeer peer, KademliaMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(cancellationToken.IsCancellationRequested
                ? KademliaReply.Failed(RequestFailure.Cancelled)
                : network.Deliver(self, peer, request));
    }
}
