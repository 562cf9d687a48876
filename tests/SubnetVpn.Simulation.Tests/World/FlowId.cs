namespace SubnetVpn.Simulation.Tests.World;

/// <summary>A flow of the simulation: from one node to another, told apart by its source port.</summary>
/// <param name="From">The number of the sending node.</param>
/// <param name="To">The number of the receiving node.</param>
/// <param name="Port">The source port.</param>
internal readonly record struct FlowId(int From, int To, ushort Port)
{
    public override string ToString() => $"{From}→{To}:{Port}";
}
