using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>No VPN at all.</summary>
internal sealed class BareWire : Contender
{
    public override string Name => "bare link";

    protected override Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b) => Task.FromResult(b.Address);
}
