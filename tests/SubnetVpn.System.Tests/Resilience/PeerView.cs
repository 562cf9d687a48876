using System.Text.Json;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Resilience;

/// <summary>What <c>subnetvpn peers --json</c> says of one peer.</summary>
internal static class PeerView
{
    public static async Task<JsonElement> OfAsync(LabNode node, string peerId) =>
        (await node.AskAsync("peers")).GetProperty("peers").EnumerateArray().Single(peer => peer.GetProperty("peer").GetString() == peerId);
}
