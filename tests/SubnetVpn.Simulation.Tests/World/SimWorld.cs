using SubnetVpn.Core.Packets;
using SubnetVpn.Discovery;
using SubnetVpn.Simulation.Tests.Wire;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>
/// Whole nodes on a memory network, under a clock that stands until it is moved. Tasks run on the thread pool as they do in
/// a real node, so that the order of events differs between two runs of one seed; every check holds whatever the order.
/// </summary>
internal sealed class SimWorld
{
    private static readonly TimeSpan s_safetyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_maxStep = TimeSpan.FromMilliseconds(100);

    private readonly RestGate _gate;

    public SimWorld(int nodes, SimNodeSettings settings, MemoryLinkSettings links, int seed, PacketPool pool, RestGate gate)
    {
        Settings = settings;
        Pool = pool;
        _gate = gate;
        Network = new MemoryNetwork(Clock, links, seed);
        Nodes = [.. Enumerable.Range(0, nodes).Select(number => new SimNode(this, number))];
    }

    public SimNodeSettings Settings { get; }

    public PacketPool Pool { get; }

    public ManualTimeProvider Clock { get; } = new();

    public MemoryNetwork Network { get; }

    public StreamLedger Ledger { get; } = new();

    public FaultList Faults { get; } = new();

    public IReadOnlyList<SimNode> Nodes { get; }

    /// <summary>Whom a node knows. All others; tests of many nodes choose.</summary>
    public Func<SimNode, SimNode, bool> Knows { get; init; } = static (_, _) => true;

    /// <summary>Peers to whom a dial never returns, unless it is cancelled.</summary>
    public Func<PeerId, bool> IsSilent { get; init; } = static _ => false;

    public NodeTotals Totals => Nodes.Aggregate(default(NodeTotals), static (sum, node) => sum + node.Totals);

    public IEnumerable<PeerMapping> MappingsFor(SimNode node) =>
        Nodes.Where(other => other != node && Knows(node, other)).Select(static other => other.Mapping);

    public MemoryLink Link(int from, int to) => Network.Link(Nodes[from].Peer, Nodes[to].Peer);

    /// <summary>Lets happen what can happen without the clock.</summary>
    public Task RestAsync() => _gate.RestAsync();

    /// <summary>Moves the clock from timer to timer, with a rest at each.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        var end = Clock.Elapsed + by;
        await RestAsync();
        while (end - Clock.Elapsed is { Ticks: > 0 } left)
        {
            if (!Clock.AdvanceToNextTimer(left))
                Clock.Advance(left);
            await RestAsync();
        }
    }

    /// <summary>Waits for something that may need the clock.</summary>
    public async Task RunAsync(Task task)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted)
        {
            await RestAsync();
            if (task.IsCompleted)
                break;
            if (TimeProvider.System.GetElapsedTime(start) > s_safetyLimit)
                throw new TimeoutException("A node did not start or stop.");
            Clock.AdvanceToNextTimer(s_maxStep);
        }
        await task;
    }

    /// <summary>Moves the clock until a condition holds; false when it does not within that much of virtual time.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        var end = Clock.Elapsed + limit;
        // A condition is only asked at rest: in the middle of things it may hold by chance.
        await RestAsync();
        while (!condition())
        {
            if (Clock.Elapsed >= end)
                return false;
            await AdvanceAsync(s_maxStep);
        }
        return true;
    }

    public Task StartAsync() => RunAsync(Task.WhenAll(Nodes.Select(static node => node.StartAsync())));

    public Task StopAsync() => RunAsync(Task.WhenAll(Nodes.Select(static node => node.StopAsync())));
}
