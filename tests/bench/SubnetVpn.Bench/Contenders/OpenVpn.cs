using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>OpenVPN 2 over UDP with AES-256-GCM, C.</summary>
internal sealed class OpenVpn : Contender
{
    public override string Name => "openvpn";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("openvpn", "openvpn"), ("openssl", "openssl")];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        var (printA, printB) = (await CertifyAsync(lab, "a"), await CertifyAsync(lab, "b"));
        BringUp(lab, a, "a", "10.94.0.1", "10.94.0.2", printB, ["--tls-server", "--dh", "none"]);
        BringUp(lab, b, "b", "10.94.0.2", "10.94.0.1", printA, ["--tls-client", "--remote", a.Address.ToString(), "7104", "--nobind"]);
        return IPAddress.Parse("10.94.0.2");
    }

    private void BringUp(Lab lab, LabMachine machine, string part, string address, string peerAddress, string peerPrint, string[] role) =>
        Start(lab, machine, "openvpn",
        [
            "--dev", "ovpn0", "--dev-type", "tun", "--proto", "udp4", "--ifconfig", address, peerAddress, "--tun-mtu", "1400",
            "--cert", $"{Folder(lab, part)}/cert", "--key", $"{Folder(lab, part)}/key", "--peer-fingerprint", peerPrint,
            "--data-ciphers", "AES-256-GCM", "--verb", "1", .. part == "a" ? new[] { "--local", machine.Address.ToString(), "--lport", "7104" } : [], .. role,
        ]);

    private async Task<string> CertifyAsync(Lab lab, string part)
    {
        var folder = Folder(lab, part);
        (await Exec.RunAsync(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1", "-nodes", "-days", "2",
            "-subj", $"/CN={part}", "-keyout", $"{folder}/key", "-out", $"{folder}/cert")).EnsureSuccess();
        var print = (await Exec.RunAsync("openssl", "x509", "-in", $"{folder}/cert", "-noout", "-fingerprint", "-sha256")).EnsureSuccess().Output;
        return print[(print.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();
    }
}
