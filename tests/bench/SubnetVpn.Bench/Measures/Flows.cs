using System.Globalization;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Measures;

/// <summary>UDP packets of one or many connection keys from node a to node b, at a fixed rate. See native/flows.c.</summary>
internal static class Flows
{
    /// <summary>Packets a second at which the cost of one is measured: far below what a node carries.</summary>
    public const int Rate = 20_000;

    private const int Bytes = 64, Port = 7200;
    private const double MaxLoss = 0.01;

    /// <summary>Sends packets and waits until they have come; microseconds of processor time of both nodes per packet.</summary>
    public static async Task<double> SendAsync(LabNode a, LabNode b, int keys, int packets, int rate)
    {
        await using var receiver = b.Machine.Namespace.Start(Native.Flows, "receive", b.VirtualIp.ToString(), Text(Port));
        await receiver.WaitForAsync("ready");
        LabProcess[] daemons = [a.Process, b.Process];
        var before = ProcessUse.CpuSeconds(daemons);
        (await a.Machine.Namespace.RunAsync(
            Native.Flows, "send", a.VirtualIp.ToString(), b.VirtualIp.ToString(), Text(Port), Text(keys), Text(packets), Text(rate), Text(Bytes))).EnsureSuccess();
        var used = ProcessUse.CpuSeconds(daemons) - before;
        await receiver.TerminateAsync();
        var received = int.Parse((await receiver.WaitForLineAsync("received ", TimeSpan.FromSeconds(1)))["received ".Length..], CultureInfo.InvariantCulture);
        return received >= (1 - MaxLoss) * packets
            ? 1e6 * used / packets
            : throw new InvalidOperationException($"only {received} of {packets} packets with {keys} keys arrived at {rate} a second.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
