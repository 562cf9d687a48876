using SubnetVpn.Discovery.Mdns.Links;

namespace SubnetVpn.Discovery.Mdns.Diagnostics;

/// <summary>What happened so far. Thread-safe.</summary>
internal sealed class MdnsCounters
{
    private readonly long[] _refusals = new long[Enum.GetValues<RefusalReason>().Length];
    private readonly long[] _sent = new long[Enum.GetValues<PacketKind>().Length];
    private long _received;
    private long _sendFailures;

    /// <summary>Messages that were read.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Messages that the system did not take.</summary>
    public long SendFailures => Interlocked.Read(ref _sendFailures);

    public long Of(RefusalReason reason) => Interlocked.Read(ref _refusals[(int)reason]);

    public long Of(PacketKind kind) => Interlocked.Read(ref _sent[(int)kind]);

    public void Refuse(RefusalReason reason, long count = 1) => Interlocked.Add(ref _refusals[(int)reason], count);

    public void Sent(PacketKind kind) => Interlocked.Increment(ref _sent[(int)kind]);

    public void SendFailed() => Interlocked.Increment(ref _sendFailures);

    public void Read() => Interlocked.Increment(ref _received);
}
