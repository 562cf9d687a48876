using System.Globalization;
using System.Net;
using System.Text.Json;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Measures;

/// <summary>iperf3 from machine a to machine b; TCP ends are cubic, as on most users' machines.</summary>
internal static class Iperf3
{
    /// <summary>TCP flows; what the receivers got, in Gbit/s, of both directions together.</summary>
    public static async Task<double> TcpAsync(Lab lab, IPAddress address, int seconds, int flows = 1, bool bothWays = false)
    {
        string[] ways = bothWays ? ["--bidir"] : [];
        using var result = await RunAsync(lab, address, ["-C", "cubic", "-t", $"{seconds}", "-P", $"{flows}", .. ways]);
        var end = result.RootElement.GetProperty("end");
        return (Received(end, "sum_received") + (bothWays ? Received(end, "sum_received_bidir_reverse") : 0)) / 1e9;
    }

    /// <summary>One UDP flow at a rate; packets that arrived per second, and the share that did not.</summary>
    public static async Task<(double Rate, double Sent, double Loss)> UdpAsync(Lab lab, IPAddress address, int bytes, double rate, int seconds)
    {
        var bits = ((long)(rate * bytes * 8)).ToString(CultureInfo.InvariantCulture);
        using var result = await RunAsync(lab, address, ["-u", "-l", $"{bytes}", "-b", bits, "-t", $"{seconds}"]);
        var sum = result.RootElement.GetProperty("end").GetProperty("sum");
        var (packets, lost) = (sum.GetProperty("packets").GetDouble(), sum.GetProperty("lost_packets").GetDouble());
        return ((packets - lost) / seconds, packets / seconds, packets == 0 ? 1 : lost / packets);
    }

    private static double Received(JsonElement end, string name) => end.GetProperty(name).GetProperty("bits_per_second").GetDouble();

    private static async Task<JsonDocument> RunAsync(Lab lab, IPAddress address, string[] arguments)
    {
        await using var server = lab.Machines[1].Namespace.Start("iperf3", "-s", "-1", "-B", address.ToString(), "--forceflush");
        await server.WaitForAsync("Server listening");
        var client = (await lab.Machines[0].Namespace.RunAsync("iperf3", ["-c", address.ToString(), "-J", .. arguments])).EnsureSuccess();
        await server.WaitForExitAsync();
        return JsonDocument.Parse(client.Output);
    }
}
