using System.Globalization;
using System.Net;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.System.Tests.Speed;

/// <summary>wireguard-go between two machines, as the distribution ships it: the reference beside which we measure.</summary>
internal static class WireGuardGo
{
    private const int Port = 51820;

    /// <summary>Brings up a tunnel with 10.99.0.1 and 10.99.0.2 at its ends; the address of the second machine in it.</summary>
    public static async Task<IPAddress> StartAsync(Lab lab)
    {
        var (a, b) = (lab.Machines[0], lab.Machines[1]);
        var (keyA, keyB) = (await Key.GenerateAsync(lab, "a"), await Key.GenerateAsync(lab, "b"));
        await BringUpAsync(lab, a, keyA, "10.99.0.1/24", b, keyB.Public);
        await BringUpAsync(lab, b, keyB, "10.99.0.2/24", a, keyA.Public);
        var address = IPAddress.Parse("10.99.0.2");
        await Eventually.TrueAsync(
            async () => (await a.Namespace.RunAsync("ping", "-c", "1", "-W", "1", address.ToString())).ExitCode == 0,
            "wireguard-go carries a ping");
        return address;
    }

    private static async Task BringUpAsync(Lab lab, LabMachine machine, Key key, string address, LabMachine peer, string peerKey)
    {
        // The control socket is named after the device, in a folder that the machines share.
        var device = string.Create(CultureInfo.InvariantCulture, $"wg{Environment.ProcessId}{machine.Namespace.Name[^1]}");
        var process = lab.Own(machine.Namespace.Start("wireguard-go", "-f", device));
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists($"/var/run/wireguard/{device}.sock")), "wireguard-go listens", () => process.Said);
        (await machine.Namespace.RunAsync(
            "wg", "set", device, "listen-port", $"{Port}", "private-key", key.PrivatePath,
            "peer", peerKey, "allowed-ips", "0.0.0.0/0", "endpoint", $"{peer.Address}:{Port}")).EnsureSuccess();
        await machine.Namespace.IpAsync($"address add {address} dev {device}");
        await machine.Namespace.IpAsync($"link set {device} up");
    }

    private sealed record Key(string PrivatePath, string Public)
    {
        public static async Task<Key> GenerateAsync(Lab lab, string name)
        {
            var path = Path.Combine(lab.Folder, $"wireguard-{name}.key");
            var created = (await Exec.RunAsync("wg", "genkey")).EnsureSuccess().Output;
            await File.WriteAllTextAsync(path, created);
            var shown = (await Exec.RunAsync("sh", "-c", $"wg pubkey < {path}")).EnsureSuccess().Output;
            return new Key(path, shown.Trim());
        }
    }
}
