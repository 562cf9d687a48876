using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Tun;
using SubnetVpn.Tun.Linux;

namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>Makes devices for tests.</summary>
internal static class LinuxTun
{
    public static LinuxTunFactory Factory(LinuxTunOptions? options = null) =>
        new(options ?? new LinuxTunOptions(), NullLogger<LinuxTunFactory>.Instance);

    /// <summary>Makes a device inside a namespace. Making one never waits, so the thread may end afterwards.</summary>
    public static ITunDevice Create(NetworkNamespace place, TunSettings settings, LinuxTunOptions? options = null) => place.Run(() =>
    {
        var creating = Factory(options).CreateAsync(settings, CancellationToken.None);
        return creating.IsCompleted ? creating.GetAwaiter().GetResult() : throw new InvalidOperationException("It waits.");
    });

    public static TunSettings Settings(string name, int mtu, params string[] addresses) => new()
    {
        Name = name,
        Mtu = mtu,
        Addresses = [.. addresses.Select(text =>
        {
            var parts = text.Split('/');
            return new TunAddress(VirtualIp.Parse(parts[0]), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        })],
    };
}
