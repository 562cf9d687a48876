using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>n2n 1.3, C. The supernode runs on machine a; packets go from edge to edge.</summary>
internal sealed class N2n : Contender
{
    public override string Name => "n2n";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("edge", "n2n"), ("supernode", "n2n")];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        var supernode = Start(lab, a, "supernode", "-l", "7105");
        // An edge that nobody answers at first asks again only much later.
        await supernode.WaitForAsync("Supernode ready");
        foreach (var (machine, address) in new[] { (a, "10.95.0.1"), (b, "10.95.0.2") })
            Start(lab, machine, "edge", "-d", "n2n0", "-a", address, "-s", "255.255.255.0", "-c", "bench", "-k", "a shared secret", "-l", $"{a.Address}:7105");
        return IPAddress.Parse("10.95.0.2");
    }
}
