using System.Text.Json;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Traffic;

/// <summary>What nodes say that they dropped, and what the kernels dropped before or after them.</summary>
internal static class TunnelDrops
{
    public static async Task<long> CountAsync(params IEnumerable<LabNode> nodes)
    {
        long count = 0;
        foreach (var node in nodes)
        {
            count += (await node.StatusAsync()).Sum("counters.dropped");
            using var links = JsonDocument.Parse(await node.Machine.Namespace.IpAsync("-s -j link show type tun"));
            count += links.RootElement.EnumerateArray().Select(link => link.GetProperty("stats64"))
                .Sum(stats => stats.GetProperty("rx").GetProperty("dropped").GetInt64() + stats.GetProperty("tx").GetProperty("dropped").GetInt64());
        }

        return count;
    }
}
