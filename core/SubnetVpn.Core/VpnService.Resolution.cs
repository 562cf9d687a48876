using SubnetVpn.Core.Diagnostics;

namespace SubnetVpn.Core;

public sealed partial class VpnService : IVpnResolution
{
    /// <inheritdoc/>
    public async Task<AddressResolution?> ResolveAsync(VirtualIp address, CancellationToken cancellationToken) =>
        _run is { } run ? await run.ResolveAsync(address, cancellationToken) : null;
}
