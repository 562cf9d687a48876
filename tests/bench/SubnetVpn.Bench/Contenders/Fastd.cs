using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>fastd, C.</summary>
internal sealed class Fastd : Contender
{
    public override string Name => "fastd";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("fastd", "fastd")];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        var (keyA, keyB) = (await GenerateAsync(), await GenerateAsync());
        await BringUpAsync(lab, a, "a", keyA.Secret, "10.96.0.1/24", keyB.Public, b);
        await BringUpAsync(lab, b, "b", keyB.Secret, "10.96.0.2/24", keyA.Public, a);
        return IPAddress.Parse("10.96.0.2");
    }

    private async Task BringUpAsync(Lab lab, LabMachine machine, string part, string secret, string address, string peerKey, LabMachine peer)
    {
        var file = Path.Combine(Folder(lab, part), "fastd.conf");
        await File.WriteAllTextAsync(file, $$"""
            mode tun;
            interface "fastd0";
            mtu 1400;
            method "salsa2012+umac";
            bind {{machine.Address}}:7106;
            secret "{{secret}}";
            peer "other" { key "{{peerKey}}"; remote {{peer.Address}}:7106; }
            on up "ip address add {{address}} dev $INTERFACE; ip link set $INTERFACE up";
            """);
        Start(lab, machine, "fastd", "--config", file);
    }

    private static async Task<(string Secret, string Public)> GenerateAsync()
    {
        var lines = (await Exec.RunAsync("fastd", "--generate-key", "--machine-readable")).EnsureSuccess().Output;
        var secret = lines.Trim();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $"secret \"{secret}\";\n");
        var shown = (await Exec.RunAsync("fastd", "--config", file, "--show-key", "--machine-readable")).EnsureSuccess().Output.Trim();
        File.Delete(file);
        return (secret, shown);
    }
}
