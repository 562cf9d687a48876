using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SubnetVpn.Tun.Memory.Device;

namespace SubnetVpn.Tun.Memory;

/// <summary>The memory devices that exist, by name. Thread-safe.</summary>
internal sealed class MemoryTunHub
{
    private readonly ConcurrentDictionary<string, MemoryTun> _devices = new(StringComparer.Ordinal);
    private int _next = -1;

    /// <summary>Finds a device.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out MemoryTun? device) => _devices.TryGetValue(name, out device);

    /// <summary>Adds a device.</summary>
    /// <param name="name">Its name; null chooses one.</param>
    /// <param name="device">The device.</param>
    /// <returns>The name it has.</returns>
    public string Add(string? name, MemoryTun device)
    {
        if (name is not null)
            return _devices.TryAdd(name, device)
                ? name
                : throw new VpnException(VpnErrorReason.Tun, $"A memory TUN device '{name}' exists already. Choose another tun_name.");
        string chosen;
        do
            chosen = string.Create(CultureInfo.InvariantCulture, $"mem{Interlocked.Increment(ref _next)}");
        while (!_devices.TryAdd(chosen, device));
        return chosen;
    }

    /// <summary>Removes a device.</summary>
    public void Remove(MemoryTun device) => _devices.TryRemove(new KeyValuePair<string, MemoryTun>(device.Name, device));
}
