using System.ComponentModel.DataAnnotations;

namespace SubnetVpn.Tun.Linux;

/// <summary>The section <c>plugins: tun.linux:</c>.</summary>
public sealed class LinuxTunOptions
{
    /// <summary>
    /// Whether to ask the kernel for super-packets and unfinished checksums (<c>IFF_VNET_HDR</c>, TSO, USO). What the
    /// kernel refuses is left out. False turns all of it off: every packet is whole and at most as long as the MTU.
    /// Default: true.
    /// </summary>
    public bool Offload { get; set; } = true;

    /// <summary>
    /// How many packets the kernel holds for this process before it drops (<c>txqueuelen</c>). Default: 1000, as for
    /// Ethernet and WireGuard devices: the kernel's 500 for TUN devices drops part of a burst of small datagrams.
    /// </summary>
    [Range(16, 65_536)]
    public int QueueLength { get; set; } = 1000;
}
