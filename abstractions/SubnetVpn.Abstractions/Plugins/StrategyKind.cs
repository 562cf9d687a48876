namespace SubnetVpn.Plugins;

/// <summary>What a strategy does. The names in the configuration are the members in lower case.</summary>
public enum StrategyKind
{
    /// <summary>Opens streams to peers; one instance per node.</summary>
    Transport,

    /// <summary>Maps virtual IPs to peers; one instance per network.</summary>
    Discovery,

    /// <summary>Makes TUN devices; one instance per network.</summary>
    Tun,

    /// <summary>Picks streams for flows; one instance per network.</summary>
    Scheduler,

    /// <summary>Guards fallible operations; one instance per network.</summary>
    Resilience,

    /// <summary>Says who may hold which virtual IP; one instance per network.</summary>
    Registry,
}
