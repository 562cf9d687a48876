using System.Net;
using System.Text.Json.Nodes;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>Yggdrasil over TLS, Go. Its addresses follow from its keys.</summary>
internal sealed class Yggdrasil : Contender
{
    public override string Name => "yggdrasil";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("yggdrasil", "yggdrasil")];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        await BringUpAsync(lab, a, "a", "Listen", $"tls://{a.Address}:7107");
        return await BringUpAsync(lab, b, "b", "Peers", $"tls://{a.Address}:7107");
    }

    private async Task<IPAddress> BringUpAsync(Lab lab, LabMachine machine, string part, string key, string value)
    {
        var configuration = JsonNode.Parse((await Exec.RunAsync("yggdrasil", "-genconf", "-json")).EnsureSuccess().Output)!;
        configuration["IfName"] = "ygg0";
        configuration["AdminListen"] = "none";
        configuration["MulticastInterfaces"] = new JsonArray();
        configuration["Listen"] = new JsonArray();
        configuration["Peers"] = new JsonArray();
        configuration[key] = new JsonArray(value);
        var file = Path.Combine(Folder(lab, part), "yggdrasil.json");
        await File.WriteAllTextAsync(file, configuration.ToJsonString());
        var address = (await Exec.RunAsync("yggdrasil", "-useconffile", file, "-address")).EnsureSuccess().Output.Trim();
        Start(lab, machine, "yggdrasil", "-useconffile", file);
        return IPAddress.Parse(address);
    }
}
