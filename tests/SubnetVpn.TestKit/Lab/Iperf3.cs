using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SubnetVpn.TestKit.Lab;

/// <summary>iperf3 from the first machine of a lab to the second; TCP ends are cubic, as on most users' machines.</summary>
public static class Iperf3
{
    // Bytes asked for; Linux gives twice that. What it gives unasked holds 2 ms of small packets: then the receiver's own turn on the
    // processor would be measured. No more than net.core.rmem_max of every Linux.
    private const string UdpBuffer = "212992";

    /// <summary>TCP flows; what the receivers got, in Gbit/s, of both directions together.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="address">The second machine's address, by the way that is measured.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="flows">How many flows at once.</param>
    /// <param name="bothWays">Whether as many go back at the same time.</param>
    public static async Task<double> TcpAsync(Lab lab, IPAddress address, int seconds, int flows = 1, bool bothWays = false)
    {
        string[] ways = bothWays ? ["--bidir"] : [];
        using var result = await RunAsync(lab, address, ["-C", "cubic", "-t", $"{seconds}", "-P", $"{flows}", .. ways]);
        var end = result.RootElement.GetProperty("end");
        return (Received(end, "sum_received") + (bothWays ? Received(end, "sum_received_bidir_reverse") : 0)) / 1e9;
    }

    /// <summary>One UDP flow at a rate.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="address">The second machine's address, by the way that is measured.</param>
    /// <param name="bytes">Of each packet, without headers.</param>
    /// <param name="rate">Packets a second.</param>
    /// <param name="seconds">How long.</param>
    /// <returns>Packets a second that arrived, those that were sent, and the share that was lost: all, when iperf3 could not finish.</returns>
    public static async Task<(double Arrived, double Sent, double Loss)> UdpAsync(Lab lab, IPAddress address, int bytes, double rate, int seconds)
    {
        var bits = ((long)(rate * bytes * 8)).ToString(CultureInfo.InvariantCulture);
        using var result = await RunAsync(lab, address, ["-u", "-l", $"{bytes}", "-b", bits, "-t", $"{seconds}", "-w", UdpBuffer]);
        // Under a flood its own control connection may break: then it has no result, and the rate was too high.
        if (!result.RootElement.GetProperty("end").TryGetProperty("sum", out var sum))
            return (0, rate, 1);
        var (packets, lost) = (sum.GetProperty("packets").GetDouble(), sum.GetProperty("lost_packets").GetDouble());
        return ((packets - lost) / seconds, packets / seconds, packets == 0 ? 1 : lost / packets);
    }

    private static double Received(JsonElement end, string name) => end.TryGetProperty(name, out var sum)
        ? sum.GetProperty("bits_per_second").GetDouble()
        : throw new InvalidOperationException($"iperf3 says nothing of {name}: {end}");

    private static async Task<JsonDocument> RunAsync(Lab lab, IPAddress address, string[] arguments)
    {
        await using var server = lab.Machines[1].Namespace.Start("iperf3", "-s", "-1", "-B", address.ToString(), "--forceflush");
        await server.WaitForAsync("Server listening");
        var client = (await lab.Machines[0].Namespace.RunAsync("iperf3", ["-c", address.ToString(), "-J", .. arguments])).EnsureSuccess();
        await server.WaitForExitAsync();
        return JsonDocument.Parse(client.Output);
    }
}
