using SubnetVpn.Streams;

namespace SubnetVpn.Simulation.Tests.Schedulers;

/// <summary>
/// Picks and scales as a seed has it, for no reason at all: grows and shrinks within the limits all the time, and wants
/// streams gone that carry flows. Pure, as the contract asks: the same arguments give the same answer.
/// </summary>
internal sealed class SeededScheduler(int seed) : IStreamScheduler
{
    public int Pick(in ConnectionKey key, ReadOnlySpan<StreamLoad> streams) => (int)(Mix((uint)key.GetHashCode(), streams) % (uint)streams.Length);

    public StreamScaling Scale(in StreamPoolLoad pool, ReadOnlySpan<StreamLoad> streams)
    {
        // Changes its mind four times a second, and with every packet.
        var chance = Mix((uint)(pool.SinceLastChange.TotalMilliseconds / 250), streams);
        var total = streams.Length + pool.Opening;
        if (total < pool.MaxStreams && chance % 3 == 0)
            return StreamScaling.Grow;
        if (streams.Length > pool.MinStreams && chance % 3 == 1)
            return StreamScaling.Shrink(streams[(int)(chance / 3 % (uint)streams.Length)].Id);
        return StreamScaling.Stay;
    }

    private uint Mix(uint start, ReadOnlySpan<StreamLoad> streams)
    {
        var hash = (uint)seed;
        Add(ref hash, start);
        foreach (ref readonly var stream in streams)
        {
            Add(ref hash, (uint)stream.Id);
            Add(ref hash, (uint)stream.QueuedPackets);
        }
        return hash ^ (hash >> 16);
    }

    private static void Add(ref uint hash, uint value)
    {
        hash = (hash ^ value) * 0x9E3779B1;
        hash ^= hash >> 15;
    }
}
