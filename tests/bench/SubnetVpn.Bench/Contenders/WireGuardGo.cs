using System.Net;
using SubnetVpn.TestKit.Lab;
using Tunnel = SubnetVpn.TestKit.Lab.WireGuardGo;

namespace SubnetVpn.Bench.Contenders;

/// <summary>WireGuard in user space, Go.</summary>
internal sealed class WireGuardGo : Contender
{
    private Tunnel? _tunnel;

    public override string Name => "wireguard-go";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("wireguard-go", "wireguard-go"), ("wg", "wireguard-tools")];

    public override IReadOnlyList<LabProcess> Processes => _tunnel?.Processes ?? [];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        _tunnel = await Tunnel.StartAsync(lab);
        return _tunnel.Address;
    }
}
