using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>How many streams carry a node's packets to a peer.</summary>
internal static class StreamCount
{
    public static async Task<int> OfAsync(LabNode node, LabNode peer) =>
        (await PeerView.OfAsync(node, peer.PeerId)).GetProperty("streams").GetArrayLength();
}
