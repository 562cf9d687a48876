using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>The limit: TUN with offloads to TCP, no encryption. See native/pump.c.</summary>
internal sealed class Pump : Contender
{
    private const string Port = "7100";

    public override string Name => "plaintext pump";

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        var accepting = Start(lab, b, Native.Pump, "pump0", "listen", b.Address.ToString(), Port);
        var connecting = Start(lab, a, Native.Pump, "pump0", "connect", b.Address.ToString(), Port);
        await SetUpDeviceAsync(a, "pump0", "10.90.0.1/24", 1400);
        await SetUpDeviceAsync(b, "pump0", "10.90.0.2/24", 1400);
        await Task.WhenAll(accepting.WaitForAsync("ready"), connecting.WaitForAsync("ready"));
        return IPAddress.Parse("10.90.0.2");
    }
}
