namespace SubnetVpn.Core.Streams;

/// <summary>
/// Numbers for the streams that this process opens: each larger than all before, also than those of a former process, as
/// far as the clock goes forward. A peer tells our streams apart by them.
/// </summary>
internal static class StreamNumbers
{
    private static long s_last;

    public static ulong Next(TimeProvider time)
    {
        var now = time.GetUtcNow().UtcTicks;
        while (true)
        {
            var last = Volatile.Read(ref s_last);
            var next = Math.Max(last + 1, now);
            if (Interlocked.CompareExchange(ref s_last, next, last) == last)
                return (ulong)next;
        }
    }
}
