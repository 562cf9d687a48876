namespace SubnetVpn.Benchmarks.Frames;

internal static class BenchFrames
{
    /// <summary>That of a TCP super-packet over IPv4.</summary>
    public static readonly PacketOffload Offload = new(PacketOffload.NeedsChecksumFlag, GsoType.TcpV4, HeaderLength: 40, SegmentSize: 1360, ChecksumStart: 20, ChecksumOffset: 16);
}
