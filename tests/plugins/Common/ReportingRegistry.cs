using SubnetVpn.Discovery;

namespace SubnetVpn.TestPlugins.Common;

/// <summary>A registry that knows nobody, and tells through <see cref="object.ToString"/> what the test wants to know.</summary>
public abstract class ReportingRegistry : IAddressRegistry
{
    /// <inheritdoc/>
    public ValueTask<PeerLookup> FindHolderAsync(VirtualIp address, CancellationToken cancellationToken) => new(PeerLookup.NotFound());

    /// <inheritdoc/>
    public abstract override string ToString();
}
