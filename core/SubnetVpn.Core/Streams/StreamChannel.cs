using SubnetVpn.Core.Dispatch;
using SubnetVpn.Core.Membership;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>
/// A stream to a peer with its bounded queue and its one writer.
/// </summary>
/// <remarks>
/// <code>
///   dispatch (any thread) ──TryEnqueue──▶ queue ──writer task──▶ frame in the headroom ──▶ stream
///   stream ──control task──▶ hello, pong, account, goodbye of the acceptor; its end ends the channel
/// </code>
/// Order: packets leave in the order they were enqueued. Parallel: the two tasks, and all channels among each other.
/// However it ends, it ends once, in <see cref="End"/>: the owner then takes what is still queued and gives it to
/// another channel. What the failed write held is never sent again: nothing is delivered twice.
/// </remarks>
internal sealed partial class StreamChannel
{
    // The configuration counts packets of 64 KiB. Smaller ones fill a queue by their bytes, but not without limit.
    private const int SmallPacketsPerSlot = 16;

    // What a slow peer can make us hold, and how much delay a queue can add, whatever the configuration says.
    private const int MaxQueueBytes = 2 * 1024 * 1024;

    // 2.6 ms at 100 Mbit/s. What is less is worth no move.
    private const int LongQueueBytes = 32 * 1024;
    private const int ManyBetween = 4;

    private const string Refused = "not_allowed";

    private static readonly TimeSpan s_completionTimeout = TimeSpan.FromSeconds(5);

    private readonly IVpnStream _stream;
    private readonly StreamChannelContext _context;
    private readonly PacketQueue _queue;
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _endedSource = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IStreamChannelOwner? _owner;
    private readonly bool _isGreeted;
    private int _hasEnded;
    private long _enqueued;
    private long _settled;
    private long _packetsSent;
    private long _bytesSent;

    public StreamChannel(int id, int lane, IVpnStream stream, bool isLegacy, Greeting? greeting, StreamChannelContext context)
    {
        Id = id;
        Lane = lane;
        Number = greeting?.Number ?? StreamNumbers.Next(context.Time);
        _isGreeted = greeting is not null;
        _stream = stream;
        IsLegacy = isLegacy;
        _context = context;
        QueueCapacity = context.QueuePackets;
        _queue = new PacketQueue(QueueSlots, (int)Math.Min(MaxQueueBytes, (long)QueueCapacity * PacketBuffer.MaxPacketLength));
        _stopping = new CancellationTokenSource(Timeout.InfiniteTimeSpan, context.Time);
        PeerMtu = context.Mtu;
        OpenedAt = LastUsed = context.Time.GetTimestamp();
        if (greeting is not null)
            Read(greeting.Peer);
    }

    /// <summary>A number unique in the pool.</summary>
    public int Id { get; }

    /// <summary>The lane it was opened for; see <see cref="StreamRequest.Lane"/>.</summary>
    public int Lane { get; }

    /// <summary>The number that tells it from all other streams of this node, in its hello and in fences.</summary>
    public ulong Number { get; }

    public VpnStreamInfo Info => _stream.Info;

    /// <summary>Whether it speaks the original format, which knows nothing but packets.</summary>
    public bool IsLegacy { get; }

    /// <summary>Flows assigned to it; guarded by the gate of the peer's session.</summary>
    public int Flows { get; set; }

    /// <summary>Of these, flows that wait to be moved to another stream; guarded by the gate.</summary>
    public int LeavingFlows { get; set; }

    /// <summary>The attempt that opened it, as long as it has not lived for long enough to count as a success. Guarded by the gate.</summary>
    public OpenAttempt? Attempt { get; set; }

    /// <summary>Timestamp of when it was opened.</summary>
    public long OpenedAt { get; }

    /// <summary>Timestamp of the last packet put in the queue; guarded by the gate.</summary>
    public long LastUsed { get; private set; }

    /// <summary>Whether nothing of what was put in the queue is on the way any more, as far as can be known. Under the gate.</summary>
    public bool IsDelivered => HasDelivered(_enqueued);

    public bool HasEnded => Volatile.Read(ref _hasEnded) != 0;

    /// <summary>Why it ended; null before.</summary>
    public string? EndReason { get; private set; }

    /// <summary>What the peer said when it ended it; null when it said nothing.</summary>
    public string? EndText { get; private set; }

    /// <summary>Whether the peer ended it because we may not open streams to it.</summary>
    public bool IsRefused => EndReason == Refused;

    /// <summary>Completes once it has ended and its owner was told.</summary>
    public Task Ended => _endedSource.Task;

    /// <summary>The largest whole packet that the peer accepts, from its hello.</summary>
    public int PeerMtu { get; private set; }

    /// <summary>What the peer runs, from its hello.</summary>
    public string? PeerAgent { get; private set; }

    /// <summary>Which life of the peer accepted it, from its hello; 0 before.</summary>
    public ulong PeerInstance { get; private set; }

    /// <summary>Super-packets that the queue holds.</summary>
    public int QueueCapacity { get; }

    /// <summary>Packets that the queue holds at most, when they are small.</summary>
    public int QueueSlots => QueueCapacity * SmallPacketsPerSlot;

    /// <summary>How full the queue is, 0 to 1.</summary>
    public double QueueFilling => _queue.Filling;

    /// <summary>What the queue holds, as a share of its capacity.</summary>
    public int QueuedPackets => (int)Math.Ceiling(_queue.Filling * QueueCapacity);

    /// <summary>Packets and bytes in the queue.</summary>
    public (int Packets, int Bytes) Queued => (_queue.Count, _queue.Bytes);

    public long PacketsSent => Volatile.Read(ref _packetsSent);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Both tasks; completes when the channel has ended and the stream is disposed of. Does not fail.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the tasks.</summary>
    public void Start(IStreamChannelOwner owner)
    {
        _owner = owner;
        Completion = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadControlAsync));
    }

    /// <summary>Puts a packet of a flow in the queue, or says why not. Under the gate.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="worker">Its flow.</param>
    /// <param name="now">The timestamp.</param>
    public PacketDropReason TryEnqueue(in QueuedPacket packet, FlowWorker worker, long now)
    {
        packet.Packet.Tag = now;
        var reason = _queue.TryEnqueue(packet);
        if (reason != PacketDropReason.None)
            return reason;
        worker.LastNumber = ++_enqueued;
        LastUsed = now;
        return PacketDropReason.None;
    }

    /// <summary>Whether packets up to a number have arrived, or will never. Under the gate.</summary>
    public bool HasDelivered(long number) => number <= (IsLegacy ? Volatile.Read(ref _settled) : _confirmed);

    /// <summary>
    /// Whether the queue, to which a packet was added, is long by the doing of others: the packet of the same flow before it, of this
    /// number, has left, or many of others are between. Under the gate.
    /// </summary>
    public bool IsLongByOthers(long number) =>
        _queue.Bytes >= LongQueueBytes && (_enqueued - number > ManyBetween || number <= Volatile.Read(ref _settled));

    /// <summary>How long the packet at the front of the queue has waited, or the last one did.</summary>
    public TimeSpan GetQueueDelay(long now) =>
        _queue.FrontTag is { } since ? _context.Time.GetElapsedTime(since, now) : new TimeSpan(Volatile.Read(ref _lastWait));

    /// <summary>Takes what is queued, for the owner of an ended channel.</summary>
    public int TakeQueued(Span<QueuedPacket> destination) => _queue.TakeAbandoned(destination);

    /// <summary>Lets the writer send what is queued and say goodbye; then the stream is closed. A peer that does not read is not waited for.</summary>
    public void Complete()
    {
        _queue.Close();
        _stopping.CancelAfter(s_completionTimeout);
    }

    /// <summary>Ends the channel now. The first call wins.</summary>
    /// <param name="reason">Why: one of few words, which are counted.</param>
    /// <param name="text">What the peer said, or null.</param>
    public void End(string reason, string? text = null)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        EndText = string.IsNullOrWhiteSpace(text) ? null : text;
        EndReason = reason;
        _queue.Abandon();
        _owner?.Ended(this);
        // Not here: callbacks would run under the gate, which the caller may hold.
        _ = _stopping.CancelAsync();
        _endedSource.TrySetResult();
    }
}
