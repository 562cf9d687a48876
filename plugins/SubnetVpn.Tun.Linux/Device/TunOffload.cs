using static SubnetVpn.Tun.Linux.Device.TunIoctl;

namespace SubnetVpn.Tun.Linux.Device;

/// <summary>Agrees with the kernel on offloads: asks for all, then for less until it accepts.</summary>
internal static class TunOffload
{
    // From most to least. An older kernel refuses a whole set for one bit that it does not know.
    private static readonly uint[] s_steps =
    [
        TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | TUN_F_USO4 | TUN_F_USO6,
        TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN,
        TUN_F_CSUM,
        0,
    ];

    /// <summary>Finds the largest set that is accepted.</summary>
    /// <param name="tryIt">Sets <c>TUN_F_…</c> bits; returns whether the kernel accepted them.</param>
    public static TunCapabilities Negotiate(Func<uint, bool> tryIt)
    {
        foreach (var step in s_steps)
            if (tryIt(step))
                return Describe(step);
        return TunCapabilities.None;
    }

    private static TunCapabilities Describe(uint bits) =>
        ((bits & TUN_F_CSUM) != 0 ? TunCapabilities.Checksum : 0) |
        ((bits & TUN_F_TSO4) != 0 ? TunCapabilities.TcpV4Segmentation : 0) |
        ((bits & TUN_F_TSO6) != 0 ? TunCapabilities.TcpV6Segmentation : 0) |
        ((bits & TUN_F_USO4) != 0 ? TunCapabilities.UdpSegmentation : 0);
}
