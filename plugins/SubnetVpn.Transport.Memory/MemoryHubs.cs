using System.Collections.Concurrent;

namespace SubnetVpn.Transport.Memory;

/// <summary>The networks of nodes that are made from a configuration: one per name, as long as the process lives.</summary>
internal static class MemoryHubs
{
    private static readonly ConcurrentDictionary<string, MemoryNetwork> s_hubs = new(StringComparer.Ordinal);

    public static MemoryNetwork Get(string name, TimeProvider time) => s_hubs.GetOrAdd(name, static (_, clock) => new MemoryNetwork(clock), time);
}
