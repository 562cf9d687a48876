using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>This product, with its defaults.</summary>
internal sealed class SubnetVpnNodes : Contender
{
    public const string ProductName = "SubnetVpn.Modular";

    private LabNode? _a, _b;

    public override string Name => ProductName;

    public override IReadOnlyList<LabProcess> Processes => _a is null || _b is null ? [] : [_a.Process, _b.Process];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        (_a, _b) = await lab.AddPairAsync();
        _a.Launch();
        _b.Launch();
        return _b.VirtualIp;
    }
}
