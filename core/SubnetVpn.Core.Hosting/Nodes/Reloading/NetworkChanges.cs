namespace SubnetVpn.Core.Hosting.Nodes.Reloading;

/// <summary>What a new configuration brought a network.</summary>
/// <param name="Applied">Keys that hold now.</param>
/// <param name="NeedRestart">Keys that wait for a restart of the network.</param>
internal sealed record NetworkChanges(IReadOnlyList<string> Applied, IReadOnlyList<string> NeedRestart)
{
    public static NetworkChanges None { get; } = new([], []);

    /// <summary>Keys that wait for a restart of the node.</summary>
    public IReadOnlyList<string> NeedNode { get; init; } = [];
}
