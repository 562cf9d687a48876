using System.Buffers.Binary;
using System.Net.Sockets;

namespace SubnetVpn.Libp2p.Tcp;

/// <summary>
/// Tells from the kernel's figures (Linux, TCP_INFO) how long a connection would have to be silent for the queue that it keeps in the
/// network to drain. BBR keeps what it built up while it looked for its rate: it sends as fast as the path takes, and not slower.
/// </summary>
internal static class StandingQueue
{
    // include/uapi/linux/tcp.h: struct tcp_info. Times are in microseconds, rates in bytes a second.
    private const int TcpInfo = 11;
    private const int SegmentBytes = 16;
    private const int UnackedSegments = 24;
    private const int RoundTrip = 68;
    private const int RoundTripDeviation = 72;
    private const int PacingRate = 104;
    private const int UnsentBytes = 144;
    private const int LeastRoundTrip = 148;
    private const int DeliveryRate = 160;
    private const int InfoBytes = 168;

    // Less is what BBR needs to find more room: a quarter of a round trip, on a path of 20 ms.
    private const long LeastMicroseconds = 5_000;

    // Who sends this little makes no queue: who waits in it is not to wait longer.
    private const long LeastUnackedBytes = 64 * 1024;

    /// <summary>The longest silence.</summary>
    public static readonly TimeSpan MaxDrainTime = TimeSpan.FromMilliseconds(40);

    /// <summary>Asks the kernel; zero when there is no such queue, or it does not say.</summary>
    public static TimeSpan GetDrainTime(Socket socket)
    {
        Span<byte> info = stackalloc byte[InfoBytes];
        int length = socket.GetRawSocketOption(SocketSetup.SolTcp, TcpInfo, info);
        return GetDrainTime(info[..length]);
    }

    /// <summary>The same, of what the kernel said.</summary>
    public static TimeSpan GetDrainTime(ReadOnlySpan<byte> info)
    {
        if (info.Length < InfoBytes || (long)Read(info, UnackedSegments) * Read(info, SegmentBytes) < LeastUnackedBytes)
        {
            return TimeSpan.Zero;
        }

        // On a wire that delays each packet differently the least is a stroke of luck, not what is left without a queue.
        long standing = (long)Read(info, RoundTrip) - Read(info, LeastRoundTrip) - (4L * Read(info, RoundTripDeviation));
        long rate = (long)BinaryPrimitives.ReadUInt64LittleEndian(info[DeliveryRate..]);
        if (standing < LeastMicroseconds || rate <= 0)
        {
            return TimeSpan.Zero;
        }

        // While BBR looks for its rate it paces at 2.89 times what it found so far. A silence would only make it look again: the queue
        // came back each time, and that for 1.7 s instead of 0.7 s.
        if (BinaryPrimitives.ReadUInt64LittleEndian(info[PacingRate..]) > 2 * (ulong)rate)
        {
            return TimeSpan.Zero;
        }

        // What the kernel holds it goes on sending meanwhile.
        long unsent = Read(info, UnsentBytes) * 1_000_000L / rate;
        var time = TimeSpan.FromMicroseconds(standing + unsent);
        return time < MaxDrainTime ? time : MaxDrainTime;
    }

    private static uint Read(ReadOnlySpan<byte> info, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(info[offset..]);
}
