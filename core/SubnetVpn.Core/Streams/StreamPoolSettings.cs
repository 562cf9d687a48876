using SubnetVpn.Core.Configuration;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>What the stream pools of a network share.</summary>
internal sealed record StreamPoolSettings
{
    public required LiveSettings Live { get; init; }

    public required IStreamScheduler Scheduler { get; init; }

    public required StreamLedgers Ledgers { get; init; }

    public required StreamChannelContext Channels { get; init; }

    public int MinStreams => Live.Current.MinStreamsPerPeer;

    public int MaxStreams => Live.Current.MaxStreamsPerPeer;

    public TimeSpan IdleTimeout => Live.Current.StreamIdleTimeout;
}
