using SubnetVpn.Core.Dispatch;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// A stream to a peer with its bounded queue and its one writer.
/// </summary>
/// <remarks>
/// <code>
///   dispatch (any thread) ──TryEnqueue──▶ queue ──writer task──▶ frame in the headroom ──▶ stream
///   stream ──control task──▶ hello, pong, goodbye of the acceptor; its end ends the channel
/// </code>
/// Order: packets leave in the order they were enqueued. Parallel: the two tasks, and all channels among each other.
/// However it ends, it ends once, in <see cref="End"/>: the owner then takes what is still queued and gives it to
/// another channel. What the failed write held is counted as lost, never sent again: nothing is delivered twice.
/// </remarks>
internal sealed partial class StreamChannel
{
    // Beside the limit in packets: what a slow peer can make us hold, and how much delay a queue can add.
    private const int QueueBytes = 2 * 1024 * 1024;

    private static readonly TimeSpan s_completionTimeout = TimeSpan.FromSeconds(5);

    private readonly IVpnStream _stream;
    private readonly StreamChannelContext _context;
    private readonly PacketQueue _queue;
    private readonly bool _isLegacy;
    private readonly CancellationTokenSource _stopping;
    private Action<StreamChannel>? _ended;
    private int _hasEnded;
    private long _enqueued;
    private long _settled;
    private long _packetsSent;
    private long _bytesSent;

    public StreamChannel(int id, IVpnStream stream, bool isLegacy, StreamChannelContext context)
    {
        Id = id;
        _stream = stream;
        _isLegacy = isLegacy;
        _context = context;
        _queue = new PacketQueue(context.QueuePackets, QueueBytes);
        _stopping = new CancellationTokenSource(Timeout.InfiniteTimeSpan, context.Time);
        PeerMtu = context.Mtu;
    }

    /// <summary>A number unique in the pool.</summary>
    public int Id { get; }

    public VpnStreamInfo Info => _stream.Info;

    /// <summary>Flows assigned to it; guarded by the gate of the peer's session.</summary>
    public int Flows { get; set; }

    /// <summary>Timestamp of when it was opened.</summary>
    public long OpenedAt { get; set; }

    /// <summary>Timestamp of the last packet put in the queue; guarded by the gate of the peer's session.</summary>
    public long LastUsed { get; set; }

    /// <summary>Packets that were put in the queue and have been written or dropped since.</summary>
    public long Settled => Volatile.Read(ref _settled);

    /// <summary>Whether nothing is queued or being written. Under the gate.</summary>
    public bool IsSettled => Settled == _enqueued;

    public bool HasEnded => Volatile.Read(ref _hasEnded) != 0;

    /// <summary>Why it ended; null before.</summary>
    public string? EndReason { get; private set; }

    /// <summary>The largest whole packet that the peer accepts, from its hello.</summary>
    public int PeerMtu { get; private set; }

    /// <summary>What the peer runs, from its hello.</summary>
    public string? PeerAgent { get; private set; }

    public int QueuedPackets => _queue.Count;

    public int QueueCapacity => _queue.Capacity;

    public long PacketsSent => Volatile.Read(ref _packetsSent);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Both tasks; completes when the channel has ended and the stream is disposed of.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the tasks.</summary>
    /// <param name="ended">Called once, on a thread of the channel or of who calls <see cref="End"/>.</param>
    public void Start(Action<StreamChannel> ended)
    {
        _ended = ended;
        Completion = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadControlAsync));
    }

    /// <summary>Puts a packet of a flow in the queue, or says why not. Under the gate.</summary>
    public PacketDropReason TryEnqueue(in QueuedPacket packet)
    {
        var reason = _queue.TryEnqueue(packet);
        if (reason != PacketDropReason.None)
            return reason;
        packet.Worker.LastNumber = ++_enqueued;
        LastUsed = packet.Worker.LastUsed;
        return PacketDropReason.None;
    }

    /// <summary>Takes what is queued, for the owner of an ended channel.</summary>
    public int TakeQueued(Span<QueuedPacket> destination) => _queue.TakeAbandoned(destination);

    /// <summary>Lets the writer send what is queued and say goodbye; then the stream is closed. A peer that does not read is not waited for.</summary>
    public void Complete()
    {
        _queue.Close();
        _stopping.CancelAfter(s_completionTimeout);
    }

    /// <summary>Ends the channel now. The first call wins.</summary>
    public void End(string reason)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        EndReason = reason;
        _queue.Abandon();
        _ended?.Invoke(this);
        _stopping.Cancel();
    }
}
