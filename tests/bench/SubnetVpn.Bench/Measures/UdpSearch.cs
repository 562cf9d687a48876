using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Measures;

/// <summary>Finds the highest rate of UDP packets at which less than one in a hundred is lost.</summary>
internal static class UdpSearch
{
    private const double MaxLoss = 0.01;
    private const double First = 20_000;
    private const int Refinements = 3;

    /// <summary>Packets per second that arrived in the best of the runs with little loss; 0 when there was none.</summary>
    public static async Task<double> FindHighestRateAsync(Lab lab, IPAddress address, int bytes)
    {
        var (good, bad, best) = (0.0, double.PositiveInfinity, 0.0);
        for (var rate = First; double.IsPositiveInfinity(bad);)
        {
            var run = await Iperf3.UdpAsync(lab, address, bytes, rate, seconds: 1);
            if (run.Loss >= MaxLoss)
            {
                bad = rate;
                break;
            }
            (good, best) = (rate, Math.Max(best, run.Rate));
            if (run.Sent < 0.9 * rate)
                return best; // More than the sender can make.
            rate *= 2;
        }
        for (var i = 0; i < Refinements; i++)
        {
            var rate = (good + bad) / 2;
            var run = await Iperf3.UdpAsync(lab, address, bytes, rate, seconds: 1);
            if (run.Loss < MaxLoss)
                (good, best) = (rate, Math.Max(best, run.Rate));
            else
                bad = rate;
        }
        return best;
    }
}
