using SubnetVpn.Discovery.Mdns.Links;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

/// <summary>One link without sockets, shared by several nodes of a test. Thread-safe.</summary>
internal sealed class MemoryLinks(LocalLink link, MemoryLinks.Hub hub) : ILinkNetwork
{
    private volatile IReadOnlyList<LocalLink> _links = [link];
    private Action? _changed;

    public IReadOnlyList<LocalLink> Read() => _links;

    public ILinkPort Open(LocalLink link, PacketReceiver receive) => new Port(hub, link, receive);

    public IDisposable Watch(Action changed)
    {
        _changed = changed;
        return new CancellationTokenSource();
    }

    /// <summary>The interfaces are others now.</summary>
    public void Set(params LocalLink[] links)
    {
        _links = links;
        _changed?.Invoke();
    }

    /// <summary>What joins them.</summary>
    internal sealed class Hub
    {
        private readonly Lock _gate = new();
        private readonly List<Port> _ports = [];

        public void Add(Port port)
        {
            lock (_gate)
                _ports.Add(port);
        }

        public void Remove(Port port)
        {
            lock (_gate)
                _ports.Remove(port);
        }

        public void Send(byte[] packet, VirtualIp sender)
        {
            Port[] ports;
            lock (_gate)
                ports = [.. _ports];
            // As from a socket: never on the thread that sends.
            foreach (var port in ports)
                _ = Task.Run(() => port.Receive(packet, sender));
        }
    }

    internal sealed class Port : ILinkPort
    {
        private readonly Hub _hub;
        private readonly LocalLink _link;
        private readonly PacketReceiver _receive;

        public Port(Hub hub, LocalLink link, PacketReceiver receive)
        {
            (_hub, _link, _receive) = (hub, link, receive);
            hub.Add(this);
        }

        public bool IsAlive { get; set; } = true;

        public bool Send(ReadOnlySpan<byte> packet)
        {
            _hub.Send(packet.ToArray(), _link.Addresses[0].Address);
            return true;
        }

        public void Receive(byte[] packet, VirtualIp sender) => _receive(_link.Index, packet, sender);

        public void Dispose() => _hub.Remove(this);
    }
}
