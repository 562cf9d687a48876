using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SubnetVpn.Bench.Reports;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Measures;

/// <summary>The system's ping from machine a.</summary>
internal static partial class RoundTrips
{
    /// <summary>The median round trip, in milliseconds.</summary>
    public static async Task<double> MedianAsync(Lab lab, IPAddress address, int count, double interval)
    {
        var pause = interval.ToString(CultureInfo.InvariantCulture);
        var result = await lab.Machines[0].Namespace.RunAsync("ping", "-n", "-i", pause, "-c", $"{count}", address.ToString());
        var times = Time().Matches(result.Output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
        return times.Count < count / 2 ? throw new InvalidOperationException($"{count - times.Count} of {count} pings were lost: {result}") : Figures.Median(times);
    }

    /// <summary>The median round trip while one TCP flow goes the same way, in milliseconds.</summary>
    public static async Task<double> UnderLoadAsync(Lab lab, IPAddress address, CancellationToken cancellationToken)
    {
        var load = Iperf3.TcpAsync(lab, address, seconds: 4);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var median = await MedianAsync(lab, address, count: 60, interval: 0.04);
        await load;
        return median;
    }

    /// <summary>Whether one ping is answered now.</summary>
    public static async Task<bool> IsAnsweredAsync(Lab lab, IPAddress address) =>
        (await lab.Machines[0].Namespace.RunAsync("ping", "-n", "-c", "1", "-W", "0.2", address.ToString())).ExitCode == 0;

    [GeneratedRegex(@"time=([0-9.]+) ms")]
    private static partial Regex Time();
}
