using SubnetVpn.Streams;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Grows and shrinks a pool as a test says: to a number of streams, and picks the one with the fewest flows.</summary>
internal sealed class ScriptedScheduler : IStreamScheduler
{
    private volatile int _streams = 1;

    public int Streams
    {
        get => _streams;
        set => _streams = value;
    }

    public int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams)
    {
        var best = 0;
        for (var i = 1; i < streams.Length; i++)
            if (streams[i].Flows < streams[best].Flows)
                best = i;
        return best;
    }

    public StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams)
    {
        if (streams.Length + pool.Opening < Streams)
            return StreamScaling.Grow;
        return streams.Length > Streams ? StreamScaling.Shrink(streams[0].Id) : StreamScaling.Stay;
    }
}
