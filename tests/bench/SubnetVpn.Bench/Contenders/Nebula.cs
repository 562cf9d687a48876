using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>Nebula, Go.</summary>
internal sealed class Nebula : Contender
{
    public override string Name => "nebula";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("nebula", "nebula"), ("nebula-cert", "nebula")];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        var folder = Folder(lab, "keys");
        (await Exec.RunAsync("nebula-cert", "ca", "-name", "bench", "-out-crt", $"{folder}/ca.crt", "-out-key", $"{folder}/ca.key")).EnsureSuccess();
        await BringUpAsync(lab, a, "a", "10.92.0.1", "10.92.0.2", b);
        await BringUpAsync(lab, b, "b", "10.92.0.2", "10.92.0.1", a);
        return IPAddress.Parse("10.92.0.2");
    }

    private async Task BringUpAsync(Lab lab, LabMachine machine, string part, string address, string peerAddress, LabMachine peer)
    {
        var folder = Folder(lab, "keys");
        (await Exec.RunAsync(
            "nebula-cert", "sign", "-name", part, "-ip", $"{address}/24", "-ca-crt", $"{folder}/ca.crt", "-ca-key", $"{folder}/ca.key",
            "-out-crt", $"{folder}/{part}.crt", "-out-key", $"{folder}/{part}.key")).EnsureSuccess();
        await File.WriteAllTextAsync($"{folder}/{part}.yaml", $$"""
            pki: { ca: {{folder}}/ca.crt, cert: {{folder}}/{{part}}.crt, key: {{folder}}/{{part}}.key }
            static_host_map: { "{{peerAddress}}": ["{{peer.Address}}:7102"] }
            lighthouse: { am_lighthouse: false }
            listen: { host: {{machine.Address}}, port: 7102 }
            tun: { dev: nebula0, mtu: 1300 }
            firewall:
              outbound: [{ port: any, proto: any, host: any }]
              inbound: [{ port: any, proto: any, host: any }]
            """);
        Start(lab, machine, "nebula", "-config", $"{folder}/{part}.yaml");
    }
}
