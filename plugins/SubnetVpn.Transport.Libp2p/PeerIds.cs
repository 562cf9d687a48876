using LibraryPeerId = SubnetVpn.Libp2p.Keys.PeerId;

namespace SubnetVpn.Transport.Libp2p;

/// <summary>The contracts know a peer id by its text, the library by its bytes. Both accept the same ids.</summary>
internal static class PeerIds
{
    public static PeerId ToContract(LibraryPeerId id) => PeerId.Parse(id.ToString());

    public static LibraryPeerId ToLibrary(PeerId id) => LibraryPeerId.Parse(id.ToString());
}
