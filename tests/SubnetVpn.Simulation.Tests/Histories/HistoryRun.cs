using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Packets;
using SubnetVpn.Resilience;
using SubnetVpn.Resilience.None;
using SubnetVpn.Resilience.Polly;
using SubnetVpn.Scheduling.Multiplex;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.Simulation.Tests.Schedulers;
using SubnetVpn.Simulation.Tests.World;
using SubnetVpn.Streams;

namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>
/// Lets a history happen on whole nodes, heals every fault, waits until all has settled, and checks what must hold.
/// </summary>
/// <remarks>
/// What must hold: the packets of a flow leave and arrive in order and once; every packet that a node took from its TUN
/// device was delivered, or counted as dropped, or was in a stream that ended before its reader had it; every flow gets
/// through once the faults are gone; and a stopped network leaves no buffer, stream, worker, timer or call behind.
/// </remarks>
internal sealed class HistoryRun(HistoryPlan plan, PacketPool pool, RestGate gate)
{
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(60);

    private readonly SimWorld _world = new(plan.Nodes, MakeSettings(plan), plan.Links, plan.Seed, pool, gate);
    private readonly List<Task> _resets = [];

    /// <summary>What went wrong; empty when nothing did.</summary>
    public FaultList Faults => _world.Faults;

    public async Task RunAsync()
    {
        try
        {
            await _world.StartAsync();
            foreach (var step in plan.Steps)
            {
                await DoAsync(step);
                if (step.Rest)
                    await _world.RestAsync();
            }
            await HealAsync();
            await CheckAccountAsync();
            if (Faults.IsEmpty)
                await CheckFlowsAsync();
            if (Faults.IsEmpty)
                await CheckLossAsync();
            await _world.StopAsync();
            await _world.RestAsync();
            CheckTotals();
            await CheckLeaksAsync();
        }
        catch (Exception exception)
        {
            Faults.Add(exception.ToString());
        }
    }

    private static SimNodeSettings MakeSettings(HistoryPlan plan) => new()
    {
        Network = plan.Apply,
        Scheduler = settings => plan.Scheduler switch
        {
            SchedulerKind.Sticky => new StickyScheduler(settings),
            SchedulerKind.Multiplex => new MultiplexScheduler(settings),
            _ => (IStreamScheduler)new SeededScheduler(plan.Seed),
        },
        Resilience = (settings, clock) => plan.HasBreaker
            ? new PollyResiliencePolicy(settings, clock, NullLogger<PollyResiliencePolicy>.Instance)
            : (IResiliencePolicy)new NoResiliencePolicy(),
    };

    private async Task DoAsync(Step step)
    {
        var (a, b) = (_world.Nodes[step.A], _world.Nodes[step.B]);
        switch (step.Kind)
        {
            case StepKind.Send:
                a.Send(step.B, step.X, step.Count, step.Length);
                break;
            case StepKind.SendAll:
                SendAll(step);
                break;
            case StepKind.ResetStream when a.IsRunning:
                var streams = a.Service.GetSnapshot().Peers.Where(peer => peer.Peer == b.Peer).SelectMany(static peer => peer.Streams).ToList();
                if (streams.Count > 0)
                    _world.Network.ResetStream(streams[step.X % streams.Count].Name);
                break;
            case StepKind.ResetAll:
                _world.Network.ResetStreams(a.Peer, b.Peer);
                break;
            case StepKind.ResetWhileSending:
                SendAll(step);
                _resets.Add(Task.Run(() => _world.Network.ResetStreams(a.Peer, b.Peer)));
                SendAll(step);
                break;
            case StepKind.Drop:
                _world.Network.DropConnections(a.Peer, b.Peer);
                break;
            case StepKind.Cut:
                _world.Network.Cut(a.Peer, b.Peer);
                break;
            case StepKind.Restore:
                _world.Network.Restore(a.Peer, b.Peer);
                break;
            case StepKind.Pause:
                _world.Link(step.A, step.B).Pause();
                break;
            case StepKind.Resume:
                _world.Link(step.A, step.B).Resume();
                break;
            case StepKind.Block when a.IsRunning:
                a.Tun.Block();
                break;
            case StepKind.Unblock when a.IsRunning:
                a.Tun.Unblock();
                break;
            case StepKind.Refuse when a.IsRunning:
                a.Tun.RefuseEvery = step.X;
                break;
            case StepKind.Delay:
                _world.Link(step.A, step.B).Delay = TimeSpan.FromMilliseconds(step.X);
                break;
            case StepKind.Bandwidth:
                _world.Link(step.A, step.B).BytesPerSecond = step.X;
                break;
            case StepKind.Limits when a.IsRunning:
                var least = 1 + (step.X % 3);
                var refused = a.Service.Apply(a.Service.Settings with { MinStreamsPerPeer = least, MaxStreamsPerPeer = least + (step.X / 3) });
                if (refused.Count > 0)
                    Faults.Add($"not applied: {string.Join(", ", refused)}");
                break;
            case StepKind.Advance:
                await _world.AdvanceAsync(TimeSpan.FromMilliseconds(step.X));
                break;
            case StepKind.Stop:
                await _world.RunAsync(a.StopAsync());
                break;
            case StepKind.Crash:
                await _world.RunAsync(a.CrashAsync());
                break;
            case StepKind.Start:
                await _world.RunAsync(a.StartAsync());
                break;
            default:
                // A fault of a node that does not run.
                break;
        }
    }

    private void SendAll(Step step)
    {
        for (var i = 0; i < step.Count; i++)
            for (var flow = 0; flow < plan.Flows; flow++)
                _world.Nodes[step.A].Send(step.B, flow, 1, step.Length);
    }

    private async Task HealAsync()
    {
        await Task.WhenAll(_resets);
        foreach (var a in _world.Nodes)
        {
            foreach (var b in _world.Nodes.Where(other => other != a))
            {
                _world.Network.Restore(a.Peer, b.Peer);
                var link = _world.Network.Link(a.Peer, b.Peer);
                (link.Delay, link.BytesPerSecond) = (TimeSpan.Zero, 0);
                link.Resume();
            }
            if (!a.IsRunning)
                continue;
            a.Tun.RefuseEvery = 0;
            a.Tun.Unblock();
        }
        await _world.StartAsync();
    }

    private async Task CheckAccountAsync()
    {
        if (!await _world.UntilAsync(() => _world.Nodes.All(static node => node.Tun.Waiting == 0) && Account.Of(_world).IsSettled, s_settling))
            Faults.Add("before the end: " + Account.Of(_world));
        CheckTotals();
    }

    private void CheckTotals()
    {
        var totals = _world.Totals;
        var account = Account.Of(_world);
        if (!account.IsSettled)
            Faults.Add($"{account.Missing} packets are missing: {account}");
        if (totals.Received != account.Delivered)
            Faults.Add($"{account.Delivered} packets were delivered and {totals.Received} counted as received");
        if (totals.Sent != _world.Ledger.Written)
            Faults.Add($"{_world.Ledger.Written} packets were written and {totals.Sent} counted as sent");
    }

    // Whatever happened: now every flow gets through again.
    private async Task CheckFlowsAsync()
    {
        var silent = new List<FlowId>();
        var before = new Dictionary<FlowId, int>();
        for (var attempt = 0; attempt < 30; attempt++)
        {
            silent.Clear();
            foreach (var a in _world.Nodes)
            {
                foreach (var b in _world.Nodes.Where(other => other != a))
                {
                    for (var flow = 0; flow < plan.Flows; flow++)
                    {
                        var id = a.Flow(b.Number, flow);
                        before.TryAdd(id, a.LastSent(b.Number, flow));
                        if (b.Log.LastOf(id) > before[id])
                            continue;
                        silent.Add(id);
                        a.Send(b.Number, flow, 1, FlowPacket.MinLength);
                    }
                }
            }
            if (silent.Count == 0)
                return;
            await _world.AdvanceAsync(TimeSpan.FromSeconds(2));
        }
        Faults.Add($"after all faults were healed nothing gets through of {string.Join(", ", silent)}{string.Concat(_world.Nodes.Select(static node => node.Describe()))}");
    }

    // Receivers tell senders what they had read of a stream that failed, so senders count exactly what was lost in flight. Who
    // was stopped cannot tell, and what it was sent last is lost without being counted.
    private async Task CheckLossAsync()
    {
        if (plan.Steps.Any(static step => step.Kind is StepKind.Stop or StepKind.Crash))
            return;
        if (!await _world.UntilAsync(() => Account.Of(_world) is var account && account.CountedAsLost == account.Lost, s_settling))
            Faults.Add($"{Account.Of(_world).Lost} packets were lost in flight and {Account.Of(_world).CountedAsLost} counted so");
    }

    private async Task CheckLeaksAsync()
    {
        // Timers of what was closed last run out.
        await _world.AdvanceAsync(TimeSpan.FromSeconds(60));
        var isClean = await _world.UntilAsync(IsClean, TimeSpan.FromSeconds(1));
        if (!isClean)
            Faults.Add($"left behind: {pool.Rented} buffers, {_world.Ledger.Pending} calls, {_world.Ledger.Live} streams, {_world.Clock.ActiveTimers} timers; {_world.Totals}");
    }

    private bool IsClean() => pool.Rented == 0 && _world.Ledger is { Pending: 0, Live: 0 } && _world.Clock.ActiveTimers == 0
        && _world.Totals is { Workers: 0 } totals && totals.StreamsCreated == totals.StreamsClosed;
}
