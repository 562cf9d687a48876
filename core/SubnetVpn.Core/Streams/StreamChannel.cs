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

    private readonly IVpnStream _stream;
    private readonly StreamChannelContext _context;
    private readonly PacketQueue _queue;
    private readonly bool _isLegacy;
    private readonly CancellationTokenSource _stopping = new();
    private Action<StreamChannel, string>? _ended;
    private int _hasEnded;
    private long _packetsSent;
    private long _bytesSent;

    public StreamChannel(int id, IVpnStream stream, bool isLegacy, StreamChannelContext context)
    {
        Id = id;
        _stream = stream;
        _isLegacy = isLegacy;
        _context = context;
        _queue = new PacketQueue(context.QueuePackets, QueueBytes);
        PeerMtu = context.Mtu;
    }

    /// <summary>A number unique in the pool.</summary>
    public int Id { get; }

    public VpnStreamInfo Info => _stream.Info;

    /// <summary>Flows assigned to it; guarded by the gate of the peer's session.</summary>
    public int Flows { get; set; }

    /// <summary>Timestamp of the last packet put in the queue; guarded by the gate of the peer's session.</summary>
    public long LastUsed { get; set; }

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
    /// <param name="ended">Called once, with why, on a thread of the channel or of who calls <see cref="End"/>.</param>
    public void Start(Action<StreamChannel, string> ended)
    {
        _ended = ended;
        Completion = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadControlAsync));
    }

    public PacketDropReason TryEnqueue(in QueuedPacket packet) => _queue.TryEnqueue(packet);

    /// <summary>Takes what is queued, for the owner of an ended channel.</summary>
    public int TakeQueued(Span<QueuedPacket> destination) => _queue.TakeAbandoned(destination);

    /// <summary>Lets the writer send what is queued and say goodbye; then the stream is closed.</summary>
    public void Complete() => _queue.Close();

    /// <summary>Ends the channel now. The first call wins.</summary>
    public void End(string reason)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        _queue.Abandon();
        _ended?.Invoke(this, reason);
        _stopping.Cancel();
    }
}
