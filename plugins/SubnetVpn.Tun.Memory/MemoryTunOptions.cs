using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Tun.Memory;

/// <summary>The section <c>plugins: tun.memory:</c>.</summary>
public sealed class MemoryTunOptions
{
    /// <summary>Whether the device answers ICMP echo, ICMPv6 echo and UDP echo (port 7) to its own addresses. Default: false.</summary>
    public bool Echo { get; set; }

    /// <summary>
    /// Path of a Unix stream socket that carries the host's packets, each after its length as a big-endian <c>u32</c>. Made
    /// with mode 0600, removed with the device; one client at a time. Default: none.
    /// </summary>
    public string? HostSocket { get; set; }

    /// <summary>Whether the device hands over and takes super-packets and unfinished checksums. Not with a host socket. Default: false.</summary>
    public bool Offload { get; set; }

    /// <summary>How many packets wait in each direction before further ones are dropped and counted. Default: 256.</summary>
    [Range(1, 65_536)]
    public int QueueLength { get; set; } = 256;
}
