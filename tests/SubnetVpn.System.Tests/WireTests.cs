using System.Net;
using SubnetVpn.System.Tests.Traffic;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests;

/// <summary>The lab itself, with no node: what the other tests measure with works on a bare wire.</summary>
public sealed class WireTests(ITestOutputHelper output)
{
    private const int VethMtu = 1500;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ab")]
    [InlineData("abc")]
    public async Task Lab_BareWire_CarriesEverything(string machines)
    {
        await using var lab = await Lab.CreateAsync(machines);
        var (from, to) = (lab.Machines[0].Namespace, lab.Machines[^1].Namespace);
        foreach (var address in new[] { lab.Machines[^1].Address, lab.Machines[^1].Address6 })
        {
            var transfer = await TcpTransfer.RunAsync(from, to, address, 64L << 20, Cancellation);
            var flows = await RunFlowsAsync(from, to, address);
            await using var channel = new UdpEchoChannel(from, to, address);
            var (missing, _) = await new EchoSweep(channel).RunAsync(1, VethMtu, Cancellation);
            await using var icmp = new IcmpEchoChannel(from, address);
            var (missingIcmp, _) = await new EchoSweep(icmp).RunAsync(0, VethMtu, Cancellation);

            output.WriteLine($"{address}: {transfer}; {flows}");
            Assert.Equal(transfer.SentHash, transfer.ReceivedHash);
            Assert.Equal(flows.Sent, flows.Received);
            Assert.Equal(0, flows.Reordered + flows.Duplicates + flows.Malformed);
            Assert.Empty(missing);
            Assert.Empty(missingIcmp);
        }
    }

    [Fact]
    public async Task Dispose_Lab_LeavesNoNamespaceAndNoFolder()
    {
        var lab = await Lab.CreateAsync("ab");
        var names = lab.Machines.Select(machine => machine.Namespace.Name).ToList();

        await lab.DisposeAsync();

        var left = (await Exec.RunAsync("ip", "netns", "list")).Output;
        Assert.DoesNotContain(names, name => left.Contains(name, StringComparison.Ordinal));
        Assert.False(Directory.Exists(lab.Folder));
    }

    private static async Task<UdpFlowReport> RunFlowsAsync(NetworkNamespace from, NetworkNamespace to, IPAddress address)
    {
        var flows = new[] { 1, 16 }.Select(segments => new UdpFlow(from, to, address, size: 1200, segments, window: 96)).ToList();
        var reports = await Task.WhenAll(flows.Select(flow => flow.RunAsync(packets: 10_000, Cancellation)));
        flows.ForEach(flow => flow.Dispose());
        return UdpFlowReport.Sum(reports);
    }
}
