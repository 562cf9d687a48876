namespace SubnetVpn.Plugins;

/// <summary>A strategy that a plugin offers.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Name">Its name in the configuration, in lower case, such as <c>dht</c>.</param>
/// <param name="Contract">The interface it is asked for, such as <c>IPeerDiscovery</c>.</param>
/// <param name="Implementation">The class, which the composition makes through its constructor and disposes of.</param>
public sealed record StrategyDescriptor(StrategyKind Kind, string Name, Type Contract, Type Implementation)
{
    /// <summary>
    /// Further contracts that the same instance offers to other strategies, such as the record store of a transport.
    /// Default: none.
    /// </summary>
    public IReadOnlyList<Type> Offers { get; init; } = [];
}
