namespace SubnetVpn.Bench.Measures;

/// <summary>The names of what is measured, as the tables show them.</summary>
internal static class Measure
{
    public const string OneFlow = "TCP 1 flow, Gbit/s";
    public const string EightFlows = "TCP 8 flows, Gbit/s";
    public const string BothWays = "TCP both ways, Gbit/s";
    public const string Cpu = "CPU s/GB";
    public const string IdlePing = "ping idle, ms";
    public const string LoadedPing = "ping under load, ms";
    public const string Udp64 = "UDP 64 B, kpackets/s";
    public const string Udp200 = "UDP 200 B, kpackets/s";
    public const string IdleMemory = "RSS idle, MB";
    public const string LoadedMemory = "RSS after load, MB";
    public const string Start = "start to first ping, s";
    public const string MildWire = "2 ± 2 ms, 0.25 % loss, 0.5 % reordered, 1 Gbit/s: Mbit/s";
    public const string BadWire = "4 ± 7 ms, 1 % loss, 2.5 % reordered: Mbit/s";
    public const string SlowIdlePing = "100 Mbit/s, 10 ms: ping idle, ms";
    public const string SlowLoadedPing = "100 Mbit/s, 10 ms: ping under load, ms";

    public const string OneKeyCpu = "CPU µs/packet, 1 key";
    public const string SomeKeysCpu = "CPU µs/packet, 1,000 keys";
    public const string ManyKeysCpu = "CPU µs/packet, 100,000 keys";
    public const string OneKeyOneStreamCpu = "CPU µs/packet, one stream, 1 key";
    public const string ManyKeysOneStreamCpu = "CPU µs/packet, one stream, 100,000 keys";
    public const string KeyMemory = "RSS per key, bytes";
    public const string FewPeersCpu = "CPU µs/packet, 2 peers";
    public const string ManyPeersCpu = "CPU µs/packet, 200 peers";
    public const string PeerMemory = "RSS per idle peer, KB";

    public static readonly IReadOnlyList<IReadOnlyList<string>> Tables =
    [
        [OneFlow, EightFlows, BothWays, Cpu, IdlePing, LoadedPing, Udp64, Udp200, IdleMemory, LoadedMemory, Start],
        [MildWire, BadWire, SlowIdlePing, SlowLoadedPing],
        [OneKeyCpu, SomeKeysCpu, ManyKeysCpu, OneKeyOneStreamCpu, ManyKeysOneStreamCpu, KeyMemory, FewPeersCpu, ManyPeersCpu, PeerMemory],
    ];
}
