namespace SubnetVpn.Discovery;

/// <summary>
/// Says who may hold which virtual IP. Where a network selects a registry, its word is final. Thread-safe; never called
/// on the packet path.
/// </summary>
/// <remarks>
/// It is asked for our own addresses before the network starts, for each address that is looked up, for each that a discovery source
/// tells, and every 30 s again for those: cache what is expensive. While it fails, what it let through goes on to hold, and
/// nothing new does.
/// </remarks>
public interface IAddressRegistry
{
    /// <summary>Looks up who may hold an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Abandons the question with <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// The holder with <see cref="MappingTrust.Authoritative"/> and with the prefixes that it may hold, this address among them; or why
    /// there is none. A holder's subnet is let through when one of these prefixes contains all of it.
    /// </returns>
    ValueTask<PeerLookup> FindHolderAsync(VirtualIp address, CancellationToken cancellationToken);
}
