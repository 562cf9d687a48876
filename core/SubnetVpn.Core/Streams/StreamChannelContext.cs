using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Frames;

namespace SubnetVpn.Core.Streams;

/// <summary>What the channels of one network share.</summary>
internal sealed record StreamChannelContext
{
    public required LiveSettings Live { get; init; }

    /// <summary>The hello that begins a stream of the newer protocol, but for the number of the stream.</summary>
    public required Hello Hello { get; init; }

    /// <summary>Hears what peers say of themselves.</summary>
    public required Action<PeerId, Hello> Heard { get; init; }

    public required IPacketPool Pool { get; init; }

    public required Metrics.VpnMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The largest whole packet that we may send.</summary>
    public int Mtu => Hello.Mtu;

    /// <summary>Super-packets in the queue of a new stream.</summary>
    public int QueuePackets => Live.Current.PacketBufferSize;
}
