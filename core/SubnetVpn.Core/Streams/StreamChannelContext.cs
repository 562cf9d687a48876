using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Configuration;

namespace SubnetVpn.Core.Streams;

/// <summary>What the channels of one network share.</summary>
internal sealed record StreamChannelContext
{
    public required LiveSettings Live { get; init; }

    /// <summary>Packets in the queue of a new stream.</summary>
    public int QueuePackets => Live.Current.PacketBufferSize;

    /// <summary>The largest whole packet that we may send.</summary>
    public required int Mtu { get; init; }

    /// <summary>The encoded hello that begins a stream of the newer protocol, frame header included.</summary>
    public required ReadOnlyMemory<byte> HelloFrame { get; init; }

    public required IPacketPool Pool { get; init; }

    public required Metrics.VpnMetrics Metrics { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
