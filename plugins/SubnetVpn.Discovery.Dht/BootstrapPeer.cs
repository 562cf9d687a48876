namespace SubnetVpn.Discovery.Dht;

/// <summary>The peer that an entry of <c>bootstrap</c> names.</summary>
internal static class BootstrapPeer
{
    private const string Marker = "/p2p/";

    /// <summary>The multiaddress without the peer id.</summary>
    public static string AddressOf(string text) => text[..text.LastIndexOf(Marker, StringComparison.Ordinal)];

    /// <summary>Reads the peer id at the end of a multiaddress; the address itself is the store's to judge.</summary>
    public static bool TryParse(string text, out PeerId peer)
    {
        peer = default;
        var at = text.LastIndexOf(Marker, StringComparison.Ordinal);
        return at > 0 && text[0] == '/' && PeerId.TryParse(text[(at + Marker.Length)..], out peer);
    }
}
