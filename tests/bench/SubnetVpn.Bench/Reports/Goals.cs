using SubnetVpn.Bench.Contenders;
using SubnetVpn.Bench.Measures;

namespace SubnetVpn.Bench.Reports;

/// <summary>What we aim at: ratios within one run, and few figures of our own.</summary>
internal static class Goals
{
    private const string Ours = SubnetVpnNodes.ProductName, WireGuard = "wireguard-go", Nebula = "nebula", Bare = "bare link", Limit = "plaintext pump";

    public static IEnumerable<Goal> Of(Figures figures)
    {
        yield return Goal.AtLeast("TCP 1 flow: ours / wireguard-go", 12, figures.Ratio(Ours, WireGuard, Measure.OneFlow));
        yield return Goal.AtLeast("TCP 1 flow: ours / nebula", 8, figures.Ratio(Ours, Nebula, Measure.OneFlow));
        yield return Goal.AtLeast("TCP 1 flow: ours / plaintext pump", 0.65, figures.Ratio(Ours, Limit, Measure.OneFlow));
        yield return Goal.AtLeast("TCP 8 flows / 1 flow, ours", 1, figures.Find(Ours, Measure.EightFlows) / figures.Find(Ours, Measure.OneFlow));
        yield return Goal.AtLeast("TCP both ways / 1 flow, ours", 1, figures.Find(Ours, Measure.BothWays) / figures.Find(Ours, Measure.OneFlow));
        yield return Goal.AtMost("CPU s/GB, ours", 5, figures.Find(Ours, Measure.Cpu));
        yield return Goal.AtMost("CPU s/GB: ours / least of the other VPNs", 1, figures.Find(Ours, Measure.Cpu) / figures.FindLeast([Ours, Limit], Measure.Cpu));
        yield return Goal.AtMost("ping idle: ours / wireguard-go", 1, figures.Ratio(Ours, WireGuard, Measure.IdlePing));
        yield return Goal.AtMost("ping under load − idle, ms, ours", 5, figures.Find(Ours, Measure.LoadedPing) - figures.Find(Ours, Measure.IdlePing));
        yield return Goal.AtLeast("UDP 64 B: ours / wireguard-go", 2, figures.Ratio(Ours, WireGuard, Measure.Udp64));
        yield return Goal.AtLeast("UDP 64 B: ours / nebula", 1.25, figures.Ratio(Ours, Nebula, Measure.Udp64));
        yield return Goal.AtLeast("UDP 200 B: ours / wireguard-go", 2, figures.Ratio(Ours, WireGuard, Measure.Udp200));
        yield return Goal.AtLeast("UDP 200 B: ours / nebula", 1.25, figures.Ratio(Ours, Nebula, Measure.Udp200));
        yield return Goal.AtMost("RSS idle, MB, ours", 80, figures.Find(Ours, Measure.IdleMemory));
        yield return Goal.AtMost("RSS after load, MB, ours", 150, figures.Find(Ours, Measure.LoadedMemory));
        yield return Goal.AtMost("RSS growth per idle peer, KB", 50, figures.Find(Ours, Measure.PeerMemory));
        yield return Goal.AtMost("RSS growth per live connection key, bytes", 500, figures.Find(Ours, Measure.KeyMemory));
        yield return Goal.AtMost("CPU per packet: 200 peers / 2 peers", 1.15, figures.Find(Ours, Measure.ManyPeersCpu) / figures.Find(Ours, Measure.FewPeersCpu));
        yield return Goal.AtMost("CPU per packet: 100,000 keys / 1 key", 1.15, figures.Find(Ours, Measure.ManyKeysCpu) / figures.Find(Ours, Measure.OneKeyCpu));
        yield return Goal.AtMost("CPU per packet, one stream: 100,000 keys / 1 key", 1.15, figures.Find(Ours, Measure.ManyKeysOneStreamCpu) / figures.Find(Ours, Measure.OneKeyOneStreamCpu));
        yield return Goal.AtMost("start to first ping, s, ours", 1, figures.Find(Ours, Measure.Start));
        yield return Goal.AtLeast("2 ± 2 ms wire: ours / bare link", 4, figures.Ratio(Ours, Bare, Measure.MildWire));
        yield return Goal.AtLeast("4 ± 7 ms wire: ours / bare link", 6, figures.Ratio(Ours, Bare, Measure.BadWire));
        yield return Goal.AtMost("100 Mbit/s wire: ping under load / idle, ours", 2, figures.Find(Ours, Measure.SlowLoadedPing) / figures.Find(Ours, Measure.SlowIdlePing));
    }
}
