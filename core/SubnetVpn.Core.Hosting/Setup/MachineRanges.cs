using System.Buffers.Binary;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Numerics;

namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>What this machine reaches without a tunnel: the ranges of its interfaces, and on Linux of its IPv4 routes.</summary>
public static class MachineRanges
{
    private const string RouteFile = "/proc/net/route";

    /// <summary>The ranges, but for default routes.</summary>
    public static IReadOnlyList<IpPrefix> Read()
    {
        var routes = OperatingSystem.IsLinux() && File.Exists(RouteFile) ? File.ReadLines(RouteFile).Skip(1).Select(ReadRoute).OfType<IpPrefix>() : [];
        return [.. routes.Concat(NetworkInterface.GetAllNetworkInterfaces().SelectMany(ReadInterface)).Where(static range => range.Length > 0).Distinct()];
    }

    /// <summary>The addresses of its interfaces that are up.</summary>
    public static IReadOnlyList<VirtualIp> ReadAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .Where(static network => network.OperationalStatus != OperationalStatus.Down)
            .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
            .Select(static address => VirtualIp.From(address.Address))];

    // Iface Destination Gateway Flags RefCnt Use Metric Mask …: numbers in hexadecimal, addresses in the order of the machine's bytes.
    internal static IpPrefix? ReadRoute(string line)
    {
        var fields = line.Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 8 || !TryReadHex(fields[1], out var destination) || !TryReadHex(fields[7], out var mask))
            return null;
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, destination);
        return new IpPrefix(VirtualIp.FromBytes(bytes), BitOperations.PopCount(mask));
    }

    private static bool TryReadHex(string text, out uint value) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static IEnumerable<IpPrefix> ReadInterface(NetworkInterface network)
    {
        if (network.OperationalStatus == OperationalStatus.Down)
            return [];
        return network.GetIPProperties().UnicastAddresses
            .Where(static address => address.PrefixLength > 0)
            .Select(static address => new IpPrefix(VirtualIp.From(address.Address), address.PrefixLength));
    }
}
