namespace SubnetVpn.Streams;

/// <summary>
/// Companion of <see cref="ITransport"/> for those that know where others can dial this node. Offered to discovery sources.
/// Thread-safe.
/// </summary>
public interface IAnnouncedAddresses
{
    /// <summary>
    /// Where others can dial this node now, best first, as multiaddresses without the peer id: a listener at <c>0.0.0.0</c> or <c>::</c>
    /// stands for each address of the machine, but for those inside this node's own networks (<see cref="IVirtualSubnets"/>). Empty when
    /// the node only dials.
    /// </summary>
    IReadOnlyList<string> GetAnnouncedAddresses();
}
