using System.Diagnostics.Metrics;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Metrics;

/// <summary>
/// The counters of one network, and the instruments of the meter <c>SubnetVpn</c> that show them. The packet path adds to
/// plain numbers; instruments read them when somebody collects. Thread-safe.
/// </summary>
public sealed partial class VpnMetrics : IVpnMetrics, IDisposable
{
    // More than a pool of one network is meant for; what is beyond is counted together.
    private const int MaxPeers = 256;
    private const int MaxErrorNames = 64;

    private readonly Meter _meter;
    private readonly KeyValuePair<string, object?> _network;
    private readonly DropCounters _outboundDrops = new();
    private readonly DropCounters _inboundDrops = new();
    private readonly BoundedTable<string, SharedCounter> _streamErrors = new(MaxErrorNames);
    private readonly BoundedTable<PeerId, PeerStreamCounters> _peers = new(MaxPeers);
    private PaddedCounter _packetsSent;
    private PaddedCounter _bytesSent;
    private PaddedCounter _packetsReceived;
    private PaddedCounter _bytesReceived;
    private PaddedCounter _streamsCreated;
    private PaddedCounter _streamsClosed;

    /// <summary>Makes the counters and registers the instruments.</summary>
    /// <param name="meters">The factory of the host. It becomes the meter's scope, by which listeners tell hosts of one process apart.</param>
    /// <param name="network">The network's name, the label <c>network</c> of every measurement.</param>
    public VpnMetrics(IMeterFactory meters, string network)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(network);
        _network = new KeyValuePair<string, object?>("network", network);
        // Not made by the factory: it keeps its meters to its own end, and a network that is stopped and started again in the
        // meantime would show the counters of each of its lives.
        _meter = new Meter(new MeterOptions(MeterName) { Scope = meters, Tags = [_network] });
        RegisterInstruments();
    }

    /// <inheritdoc/>
    public void PacketsSent(int packets, long bytes)
    {
        _packetsSent.Add(packets);
        _bytesSent.Add(bytes);
    }

    /// <inheritdoc/>
    public void PacketsReceived(int packets, long bytes)
    {
        _packetsReceived.Add(packets);
        _bytesReceived.Add(bytes);
    }

    /// <inheritdoc/>
    public void PacketDropped(PacketDropReason reason, bool inbound) => PacketsDropped(reason, 1, inbound);

    /// <summary>Counts dropped packets.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="count">How many.</param>
    /// <param name="inbound">True when a peer sent them, false when this host did.</param>
    public void PacketsDropped(PacketDropReason reason, long count, bool inbound) => (inbound ? _inboundDrops : _outboundDrops).Add(reason, count);

    /// <summary>The counters of the health checker and the warmer.</summary>
    public StreamHealthSnapshot GetStreamHealth() => new()
    {
        Checks = HealthChecks,
        Failures = HealthFailures,
        Replacements = StreamsReplaced,
        Warmed = StreamsWarmed,
        WarmFailures = WarmFailures,
    };

    /// <inheritdoc/>
    public void StreamError(string reason) => _streamErrors[reason].Add(1);

    /// <summary>Counts a stream that was opened, by either side.</summary>
    /// <param name="peer">The peer at its other end.</param>
    public void StreamCreated(PeerId peer)
    {
        _streamsCreated.Add(1);
        _peers[peer].AddCreated();
    }

    /// <summary>Counts a stream that ended, for whatever reason; once for each that was created.</summary>
    /// <param name="peer">The peer at its other end.</param>
    public void StreamClosed(PeerId peer)
    {
        _streamsClosed.Add(1);
        _peers[peer].AddClosed();
    }

    /// <inheritdoc/>
    public VpnMetricsSnapshot GetSnapshot()
    {
        // Closed before created: a stream that comes and goes in between is then not counted as closed only.
        var closed = _streamsClosed.Value;
        var created = _streamsCreated.Value;
        return new VpnMetricsSnapshot
        {
            PacketsReceived = _packetsReceived.Value,
            BytesReceived = _bytesReceived.Value,
            PacketsSent = _packetsSent.Value,
            BytesSent = _bytesSent.Value,
            OutboundDrops = new Dictionary<PacketDropReason, long>(_outboundDrops.NonZero()),
            InboundDrops = new Dictionary<PacketDropReason, long>(_inboundDrops.NonZero()),
            StreamErrors = StreamErrors().ToDictionary(static error => error.Key, static error => error.Value, StringComparer.Ordinal),
            StreamsCreated = created,
            StreamsClosed = closed,
            ActiveStreams = (int)(created - closed),
            ActiveWorkers = ActiveWorkers,
        };
    }

    /// <summary>Takes the instruments away. The counters can still be read and added to.</summary>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<KeyValuePair<string, long>> StreamErrors()
    {
        foreach (var (name, count) in _streamErrors.Entries)
            yield return new(name, count.Value);
        if (_streamErrors.Others.Value > 0)
            yield return new(OtherLabel, _streamErrors.Others.Value);
    }
}
