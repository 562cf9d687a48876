using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Discovery;
using SubnetVpn.Simulation.Tests.Wire;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Tun;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>A whole node of a <see cref="SimWorld"/>; it can be stopped, crash, and come back. One caller.</summary>
internal sealed class SimNode
{
    private readonly SimWorld _world;
    private readonly SimTunFactory _tuns;
    private readonly Dictionary<(int To, int Flow), int> _numbers = [];
    private SimTransport? _transport;
    private VpnService? _service;
    private SimTun? _tun;
    private NodeTotals _past;
    private int _life;

    public SimNode(SimWorld world, int number)
    {
        _world = world;
        Number = number;
        Peer = TestPeers.Create(number);
        Log = new FlowLog(number, world.Faults);
        _tuns = new SimTunFactory(Log, world.Ledger);
        Discovery = new SimDiscovery(() => world.MappingsFor(this));
    }

    public int Number { get; }

    public PeerId Peer { get; }

    public FlowLog Log { get; }

    public SimDiscovery Discovery { get; }

    public bool IsRunning { get; private set; }

    /// <summary>The service while the node runs.</summary>
    public VpnService Service => IsRunning ? _service! : throw new InvalidOperationException($"Node {Number} does not run.");

    public SimTun Tun => IsRunning ? _tun! : throw new InvalidOperationException($"Node {Number} does not run.");

    public PeerMapping Mapping => new()
    {
        Peer = Peer,
        Prefixes = [new IpPrefix(FlowPacket.AddressOf(Number), 32)],
        Addresses = [$"/memory/n{Number}"],
        Source = "simulation",
        Trust = MappingTrust.Authoritative,
    };

    public NodeTotals Totals => _past + Current();

    /// <summary>The key of a flow in this life of the node: what it sent in an earlier one has no order with it.</summary>
    public FlowId Flow(int to, int flow) => new(Number, to, (ushort)(flow + 1 + (_life * 1000)));

    /// <summary>Puts the next packets of a flow on the TUN device. Nothing when the node does not run.</summary>
    public void Send(int to, int flow, int count, int length)
    {
        if (!IsRunning)
            return;
        for (var i = 0; i < count; i++)
            Tun.Send(new FlowPacket(Flow(to, flow), NextNumber(to, flow), length));
    }

    /// <summary>The number of the last packet sent; -1 before the first of this life.</summary>
    public int LastSent(int to, int flow) => _numbers.GetValueOrDefault((to, flow), -1);

    /// <summary>What the node says of its peers, for messages.</summary>
    public string Describe() => !IsRunning ? $"\n    node {Number} does not run" : string.Concat(Service.GetSnapshot().Peers.Select(peer =>
        $"\n    node {Number} to {peer.Prefixes[0]}: {peer.Streams.Count} streams out, {peer.InboundStreams} in, {peer.Flows} flows, circuit {peer.Circuit.State}, last error {peer.LastError} at {peer.LastErrorAt:mm:ss}"));

    public async Task StartAsync()
    {
        if (IsRunning)
            return;
        // Only now: what was stopped may have counted a little more since.
        _past += Current();
        (_service, _tun) = (null, null);
        _life++;
        _numbers.Clear();
        _transport = new SimTransport(_world.Network.CreateTransport(Peer), _world.Ledger, _world.Settings.CheckWriteOrder ? new WriteOrder(_world.Faults) : null)
        {
            IsSilent = _world.IsSilent,
        };
        await _transport.ListenAsync([$"/memory/n{Number}"], CancellationToken.None);
        var settings = _world.Settings.Network(new NetworkSettings { Addresses = [new TunAddress(FlowPacket.AddressOf(Number), 16)] });
        _service = new VpnService(new VpnServiceDependencies(
            settings, new SimIdentity(Peer), _transport, [Discovery], _tuns, _world.Settings.Scheduler(settings.Scheduling),
            _world.Settings.Resilience(settings.Resilience, _world.Clock), _world.Pool, _world.Clock, NullLoggerFactory.Instance, new SimMeters()));
        await _service.StartAsync(CancellationToken.None);
        _tun = _tuns.Device;
        IsRunning = true;
    }

    /// <summary>Stops in good order: streams are closed with a goodbye.</summary>
    public Task StopAsync() => StopAsync(crash: false);

    /// <summary>Takes the node off the network first, so that its peers learn of it by broken connections.</summary>
    public Task CrashAsync() => StopAsync(crash: true);

    private async Task StopAsync(bool crash)
    {
        if (!IsRunning)
            return;
        IsRunning = false;
        _tun!.Unblock();
        if (crash)
            await _transport!.DisposeAsync();
        await _service!.DisposeAsync();
        await _transport!.DisposeAsync();
    }

    private int NextNumber(int to, int flow) => _numbers[(to, flow)] = LastSent(to, flow) + 1;

    private NodeTotals Current()
    {
        if (_service is not { } service)
            return default;
        var metrics = service.GetMetrics();
        var lost = metrics.OutboundDrops.GetValueOrDefault(PacketDropReason.LostInFlight);
        return new NodeTotals
        {
            Taken = _tun?.Taken ?? 0,
            Sent = metrics.PacketsSent,
            Received = metrics.PacketsReceived,
            Dropped = metrics.OutboundDrops.Values.Sum() + metrics.InboundDrops.Values.Sum() - lost,
            LostInFlight = lost,
            StreamsCreated = metrics.StreamsCreated,
            StreamsClosed = metrics.StreamsClosed,
            Workers = metrics.ActiveWorkers,
        };
    }
}
