using System.Diagnostics.CodeAnalysis;
using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Transport.Libp2p.Records;

/// <summary>Where a first peer of the hash table is, and who it is: whoever else answered there could tell us anything.</summary>
internal static class BootstrapAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Multiaddr? address, [NotNullWhen(false)] out string? error)
    {
        if (Multiaddr.TryParse(text, out address, out error) && !address.TryGetPeerId(out _))
        {
            error = $"'{text}' does not say which peer it is. Add its id at the end: {text}/p2p/12D3KooW…";
        }

        return address is not null && error is null;
    }
}
