using System.Globalization;
using System.Security.Cryptography;

namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>Chooses a subnet for a new network.</summary>
public static class FreeSubnet
{
    // Each is one of 65,536; a machine that has so many of them in use that this many do not suffice needs a human.
    private const int Attempts = 1000;

    /// <summary>A /24 of 10.0.0.0/8 by chance, so that networks of different people seldom have the same one, and none that this machine uses.</summary>
    /// <param name="used">Ranges that the machine reaches otherwise.</param>
    /// <exception cref="VpnException"><see cref="VpnErrorReason.Configuration"/>: none was found.</exception>
    public static IpPrefix Choose(IReadOnlyCollection<IpPrefix> used) => Choose(used, RandomNumberGenerator.GetInt32);

    /// <param name="used">Ranges that the machine reaches otherwise.</param>
    /// <param name="random">A number below its argument.</param>
    internal static IpPrefix Choose(IReadOnlyCollection<IpPrefix> used, Func<int, int> random)
    {
        for (var i = 0; i < Attempts; i++)
        {
            var candidate = IpPrefix.Parse(string.Create(CultureInfo.InvariantCulture, $"10.{random(256)}.{random(256)}.0/24"));
            if (!used.Any(range => Overlap(range, candidate)))
                return candidate;
        }
        throw new VpnException(VpnErrorReason.Configuration, "this machine seems to use all of 10.0.0.0/8: name a subnet for the network with --subnet, such as 192.168.77.0/24.");
    }

    /// <summary>Whether two ranges have an address in common.</summary>
    /// <param name="one">A range.</param>
    /// <param name="other">A range.</param>
    public static bool Overlap(IpPrefix one, IpPrefix other) => one.Contains(other) || other.Contains(one);
}
