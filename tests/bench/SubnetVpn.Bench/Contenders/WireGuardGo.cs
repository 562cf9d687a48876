using System.Globalization;
using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>WireGuard in user space, Go.</summary>
internal sealed class WireGuardGo : Contender
{
    public override string Name => "wireguard-go";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("wireguard-go", "wireguard-go"), ("wg", "wireguard-tools")];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        var (keyA, keyB) = (await GenerateAsync(lab, "a"), await GenerateAsync(lab, "b"));
        await BringUpAsync(lab, a, keyA.File, "10.91.0.1/24", b, keyB.Public);
        await BringUpAsync(lab, b, keyB.File, "10.91.0.2/24", a, keyA.Public);
        return IPAddress.Parse("10.91.0.2");
    }

    private async Task BringUpAsync(Lab lab, LabMachine machine, string keyFile, string address, LabMachine peer, string peerKey)
    {
        // Its control socket has the device's name, in a folder that all machines share.
        var device = string.Create(CultureInfo.InvariantCulture, $"wg{Environment.ProcessId}{machine.Namespace.Name[^1]}");
        var process = Start(lab, machine, "wireguard-go", "-f", device);
        while (!process.HasExited && !File.Exists($"/var/run/wireguard/{device}.sock"))
            await Task.Delay(5);
        (await machine.Namespace.RunAsync(
            "wg", "set", device, "listen-port", "7101", "private-key", keyFile,
            "peer", peerKey, "allowed-ips", "0.0.0.0/0", "endpoint", $"{peer.Address}:7101")).EnsureSuccess();
        await SetUpDeviceAsync(machine, device, address, 1420);
    }

    private async Task<(string File, string Public)> GenerateAsync(Lab lab, string part)
    {
        var file = Path.Combine(Folder(lab, part), "key");
        await File.WriteAllTextAsync(file, (await Exec.RunAsync("wg", "genkey")).EnsureSuccess().Output);
        return (file, (await Exec.RunAsync("sh", "-c", $"wg pubkey < '{file}'")).EnsureSuccess().Output.Trim());
    }
}
