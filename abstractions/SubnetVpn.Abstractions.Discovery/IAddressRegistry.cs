namespace SubnetVpn.Discovery;

/// <summary>
/// Says who may hold which virtual IP. Where a network selects a registry, its word is final. Thread-safe; never called
/// on the packet path.
/// </summary>
public interface IAddressRegistry
{
    /// <summary>Looks up who may hold an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Abandons the question with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The holder with <see cref="MappingTrust.Authoritative"/>, or why there is none.</returns>
    ValueTask<PeerLookup> FindHolderAsync(VirtualIp address, CancellationToken cancellationToken);
}
