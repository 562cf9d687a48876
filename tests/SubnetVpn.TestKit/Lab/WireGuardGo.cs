using System.Net;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.TestKit.Lab;

/// <summary>wireguard-go between the first two machines of a lab, as the distribution ships it: the reference beside which we measure.</summary>
/// <param name="Address">The address of the second machine in it.</param>
/// <param name="Processes">Its processes at both ends.</param>
public sealed record WireGuardGo(IPAddress Address, IReadOnlyList<LabProcess> Processes)
{
    private const int Port = 51820;

    /// <summary>Brings up a tunnel with 10.99.0.1 and 10.99.0.2 at its ends, without waiting until it carries anything.</summary>
    /// <param name="lab">The lab, with which it ends.</param>
    public static async Task<WireGuardGo> StartAsync(Lab lab)
    {
        var (a, b) = (lab.Machines[0], lab.Machines[1]);
        var (keyA, keyB) = (await GenerateAsync(lab, "a"), await GenerateAsync(lab, "b"));
        return new WireGuardGo(
            IPAddress.Parse("10.99.0.2"),
            [await BringUpAsync(lab, a, keyA.File, "10.99.0.1/24", b, keyB.Public), await BringUpAsync(lab, b, keyB.File, "10.99.0.2/24", a, keyA.Public)]);
    }

    private static async Task<LabProcess> BringUpAsync(Lab lab, LabMachine machine, string keyFile, string address, LabMachine peer, string peerKey)
    {
        // The control socket is named after the device, in a folder that all machines share; no two namespaces have one name.
        var device = machine.Namespace.Name;
        var process = lab.Own(machine.Namespace.Start("wireguard-go", "-f", device));
        await Eventually.TrueAsync(() => Task.FromResult(process.HasExited || File.Exists($"/var/run/wireguard/{device}.sock")), "wireguard-go listens", () => process.Said);
        (await machine.Namespace.RunAsync(
            "wg", "set", device, "listen-port", $"{Port}", "private-key", keyFile,
            "peer", peerKey, "allowed-ips", "0.0.0.0/0", "endpoint", $"{peer.Address}:{Port}")).EnsureSuccess();
        await machine.Namespace.IpAsync($"address add {address} dev {device}");
        await machine.Namespace.IpAsync($"link set {device} up");
        return process;
    }

    private static async Task<(string File, string Public)> GenerateAsync(Lab lab, string name)
    {
        var file = Path.Combine(lab.Folder, $"wireguard-{name}.key");
        await File.WriteAllTextAsync(file, (await Exec.RunAsync("wg", "genkey")).EnsureSuccess().Output);
        return (file, (await Exec.RunAsync("sh", "-c", $"wg pubkey < '{file}'")).EnsureSuccess().Output.Trim());
    }
}
