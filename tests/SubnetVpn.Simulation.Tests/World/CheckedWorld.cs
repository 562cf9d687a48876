using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Packets;
using SubnetVpn.Resilience.Polly;
using SubnetVpn.Scheduling.Sticky;
using SubnetVpn.TestKit.Leaks;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>A world of one test: counts what is open before it, and checks what is left after it.</summary>
internal sealed class CheckedWorld : IAsyncDisposable
{
    // The files of assemblies, which stay open once they are loaded, do not count.
    private static readonly string[] s_descriptors = ["socket:", "pipe:", "anon_inode:", "/dev/"];

    private readonly RestGate _gate = new();
    private readonly TaskTracker _tasks = new();
    private readonly int[] _descriptors = FileDescriptors.CanCount ? [.. s_descriptors.Select(FileDescriptors.Count)] : [];

    public CheckedWorld(
        int nodes, Func<NetworkSettings, NetworkSettings>? change = null, Func<SimNode, SimNode, bool>? knows = null, Func<PeerId, bool>? isSilent = null,
        MemoryLinkSettings? links = null)
    {
        _gate.Join();
        var settings = new SimNodeSettings
        {
            Network = change ?? (static settings => settings),
            Scheduler = static settings => new StickyScheduler(settings),
            Resilience = static (settings, clock) => new PollyResiliencePolicy(settings, clock, NullLogger<PollyResiliencePolicy>.Instance),
        };
        World = new SimWorld(nodes, settings, links ?? new MemoryLinkSettings { Delay = TimeSpan.FromMilliseconds(2) }, seed: 1, Pool, _gate)
        {
            Knows = knows ?? (static (_, _) => true),
            IsSilent = isSilent ?? (static _ => false),
        };
    }

    public PacketPool Pool { get; } = new(new PacketPoolOptions { CheckMisuse = true });

    public SimWorld World { get; }

    /// <summary>Runs the body where the gate can hold it: on the thread pool.</summary>
    public Task RunAsync(Func<Task> body) => _tasks.Track(Task.Run(body));

    /// <summary>Lets go of what faults hold, and waits until every packet is accounted for.</summary>
    public async Task SettleAsync()
    {
        await World.StartAsync();
        var isSettled = await World.UntilAsync(() => World.Nodes.All(static node => node.Tun.Waiting == 0) && Account.Of(World).IsSettled, TimeSpan.FromMinutes(2));
        Assert.True(isSettled, $"Not settled: {Account.Of(World)}");
    }

    /// <summary>Stops every node, and fails for whatever is left.</summary>
    public async Task CheckNothingLeftAsync()
    {
        await World.StopAsync();
        // The last timers of what was closed run out.
        await World.AdvanceAsync(TimeSpan.FromSeconds(60));
        var totals = World.Totals;
        Assert.Equal(0, Account.Of(World).Missing);
        Assert.Equal(totals.StreamsCreated, totals.StreamsClosed);
        Assert.Equal(0, totals.Workers);
        Assert.Equal(0, Pool.Rented);
        Assert.Equal(0, World.Ledger.Live);
        // No read, write, dial or handler is left, and no timer: nothing that a task could wait for.
        Assert.Equal(0, World.Ledger.Pending);
        Assert.Equal(0, World.Clock.ActiveTimers);
        Assert.True(World.Faults.IsEmpty, World.Faults.ToString());
        for (var i = 0; i < _descriptors.Length; i++)
            await FileDescriptors.AssertNoMoreThanAsync(_descriptors[i], s_descriptors[i]);
    }

    public async ValueTask DisposeAsync()
    {
        await _tasks.DisposeAsync();
        _gate.Leave();
        _gate.Dispose();
    }
}
