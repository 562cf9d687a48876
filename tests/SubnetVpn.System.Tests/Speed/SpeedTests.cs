using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Speed;

/// <summary>
/// One TCP flow through our tunnel, and through wireguard-go's on the same wire, in turns. The ratio of the
/// medians is what counts; figures of a shared machine are no promise.
/// </summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const int Rounds = 3, Seconds = 3;
    private const double Goal = 8, Floor = 2;

    [Fact]
    public async Task Iperf3_OneFlow_IsSeveralTimesWireGuardGo()
    {
        Requirements.Namespaces();
        Requirements.Command("iperf3", "iperf3");
        Requirements.Command("wireguard-go", "wireguard-go");
        Requirements.Command("wg", "wireguard-tools");
        await using var lab = await Lab.CreateAsync("ab");
        var (a, b) = await lab.AddPairAsync();
        await Task.WhenAll(a.StartAsync(), b.StartAsync());
        var reference = (await WireGuardGo.StartAsync(lab)).Address;
        await Eventually.TrueAsync(
            async () => (await a.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", reference.ToString())).ExitCode == 0,
            "wireguard-go carries a ping");

        List<double> ours = [], theirs = [], wire = [];
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await Iperf3.TcpAsync(lab, b.VirtualIp, Seconds));
            theirs.Add(await Iperf3.TcpAsync(lab, reference, Seconds));
            wire.Add(await Iperf3.TcpAsync(lab, b.Machine.Address, seconds: 1));
        }

        var ratio = Median(ours) / Median(theirs);
        output.WriteLine($"figure: one TCP flow, medians of {Rounds} rounds: SubnetVpn {Median(ours):F2} Gbit/s, wireguard-go {Median(theirs):F2}, bare wire {Median(wire):F2}; ratio {ratio:F1}");
        Assert.True(ratio > (AssertsGoal ? Goal : Floor), $"The ratio is {ratio:F1}.");
    }

    private static bool AssertsGoal => Environment.GetEnvironmentVariable("SUBNETVPN_ASSERT_SPEED") == "1";

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
