using System.Collections.Concurrent;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Counts how often a scheduler is asked for a stream for each flow.</summary>
internal sealed class RecordingScheduler(IStreamScheduler inner) : IStreamScheduler
{
    public ConcurrentDictionary<ConnectionKey, int> Picks { get; } = new();

    public int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams)
    {
        Picks.AddOrUpdate(key, 1, static (_, count) => count + 1);
        return inner.Pick(key, streams);
    }

    public StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams) => inner.Scale(pool, streams);
}
