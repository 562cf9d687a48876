using SubnetVpn.Streams;

namespace SubnetVpn.Core.Streams;

/// <summary>What the stream pools of a network share.</summary>
internal sealed record StreamPoolSettings
{
    public required int MinStreams { get; init; }

    public required int MaxStreams { get; init; }

    public required TimeSpan IdleTimeout { get; init; }

    public required IStreamScheduler Scheduler { get; init; }

    public required StreamChannelContext Channels { get; init; }
}
