using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>How many streams carry a node's packets to a peer, as <c>subnetvpn streams --json</c> says.</summary>
internal static class StreamCount
{
    public static async Task<int> OfAsync(LabNode node, LabNode peer) =>
        (await node.AskAsync("streams")).GetProperty("streams").EnumerateArray().Count(stream => stream.GetProperty("peer").GetString() == peer.PeerId);
}
