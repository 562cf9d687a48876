namespace SubnetVpn.Core.Hosting.Nodes.Reloading;

/// <summary>What came of a reload. Keys are full paths, such as <c>vpn:unallowed_ports</c>.</summary>
public sealed record ReloadReport
{
    /// <summary>Nothing is different.</summary>
    public static ReloadReport Unchanged { get; } = new();

    /// <summary>Keys that changed and hold now.</summary>
    public IReadOnlyList<string> Applied { get; init; } = [];

    /// <summary>Keys that changed and wait for a restart.</summary>
    public IReadOnlyList<PendingChange> Pending { get; init; } = [];

    /// <summary>Networks that were restarted, and run with all of their keys now.</summary>
    public IReadOnlyList<string> Restarted { get; init; } = [];

    /// <summary>Networks that are new, and run.</summary>
    public IReadOnlyList<string> Started { get; init; } = [];

    /// <summary>Networks that are gone.</summary>
    public IReadOnlyList<string> Stopped { get; init; } = [];

    /// <summary>Networks that were to be restarted or started, and could not.</summary>
    public IReadOnlyList<NetworkFault> Failed { get; init; } = [];

    /// <summary>Whether the configuration is the one that the node runs with already.</summary>
    public bool IsUnchanged =>
        Applied.Count + Pending.Count + Restarted.Count + Started.Count + Stopped.Count + Failed.Count == 0;
}
