using System.Net;
using System.Text.Json;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Speed;

/// <summary>One TCP flow by iperf3, cubic at its ends.</summary>
internal static class Iperf3
{
    /// <summary>What the receiver got, in Gbit/s.</summary>
    public static async Task<double> MeasureAsync(NetworkNamespace from, NetworkNamespace to, IPAddress address, int seconds)
    {
        await using var server = to.Start("iperf3", "-s", "-1", "-B", address.ToString(), "--forceflush");
        await server.WaitForAsync("Server listening");
        var client = (await from.RunAsync("iperf3", "-c", address.ToString(), "-C", "cubic", "-t", $"{seconds}", "-J")).EnsureSuccess();
        await server.WaitForExitAsync();
        using var result = JsonDocument.Parse(client.Output);
        return result.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e9;
    }
}
