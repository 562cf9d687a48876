namespace SubnetVpn.Core.Diagnostics;

/// <summary>Asks discovery on behalf of an operator, for the control API. Thread-safe.</summary>
public interface IVpnResolution
{
    /// <summary>
    /// Asks every source who holds an address, also those that a packet would not have needed. The answer that the rule of
    /// combination picks is used from then on.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <returns>What each said, and what is used; null when the network does not run.</returns>
    Task<AddressResolution?> ResolveAsync(VirtualIp address, CancellationToken cancellationToken);
}
