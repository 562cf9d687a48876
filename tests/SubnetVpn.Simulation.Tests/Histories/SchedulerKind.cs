namespace SubnetVpn.Simulation.Tests.Histories;

/// <summary>The scheduler of the nodes of a history.</summary>
public enum SchedulerKind
{
    /// <summary>The plugin <c>scheduling.sticky</c>.</summary>
    Sticky,

    /// <summary>The plugin <c>scheduling.multiplex</c>.</summary>
    Multiplex,

    /// <summary>One that grows, shrinks and picks at random.</summary>
    Seeded,
}
