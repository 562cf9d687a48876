using SubnetVpn.Core.Configuration;
using SubnetVpn.Resilience;
using SubnetVpn.Streams;

namespace SubnetVpn.Simulation.Tests.World;

/// <summary>How the nodes of a simulation are made.</summary>
internal sealed record SimNodeSettings
{
    /// <summary>Changes the settings of each network.</summary>
    public Func<NetworkSettings, NetworkSettings> Network { get; init; } = static settings => settings;

    /// <summary>Makes the scheduler of a node.</summary>
    public required Func<SchedulerSettings, IStreamScheduler> Scheduler { get; init; }

    /// <summary>Makes the resilience policy of a node.</summary>
    public required Func<ResilienceSettings, TimeProvider, IResiliencePolicy> Resilience { get; init; }

    /// <summary>Whether the order in which senders write is checked, beside that in which receivers deliver.</summary>
    public bool CheckWriteOrder { get; init; } = true;
}
