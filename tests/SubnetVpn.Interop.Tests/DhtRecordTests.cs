using System.Text;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Interop.Tests;

/// <summary>Real nodes whose only bootstrap is a js peer: its hash table has their records.</summary>
public sealed class DhtRecordTests
{
    [Theory]
    [InlineData("/subnetvpn/kad/1.0.0")]
    [InlineData("ipsn/kad/1.0.0")]
    public async Task Records_OfANode_AreStoredByJsAndFoundWithIt(string protocol)
    {
        JsPeer.Require();
        await using var lab = await Lab.CreateAsync("abc");
        await using var js = await JsPeer.StartAsync(
            lab.Machines[0].Namespace, new { listen = new[] { $"/ip4/{lab.Machines[0].Address}/tcp/4001" }, dht = new { protocol } });
        var first = await AddAsync(lab, 2, js, protocol);
        await first.StartAsync();

        // What the original stores for the peer, and what we store for its address.
        var original = ToHex(Encoding.ASCII.GetBytes($"/vpn/mapping/{first.PeerId}"));
        var svpn = ToHex("/svpn/"u8);
        await Eventually.TrueAsync(
            async () => await RecordsAsync(js) is var records && records.ContainsKey(original) && records.Keys.Count(key => key.StartsWith(svpn, StringComparison.Ordinal)) == 2,
            "js has both kinds of records", () => js.Log + first.Log);
        var stored = await RecordsAsync(js);
        Assert.Contains(ToHex(Encoding.ASCII.GetBytes(first.VirtualIp.ToString())), stored[original], StringComparison.Ordinal);
        foreach (var (key, value) in stored)
            Assert.Equal(value, (await js.AskAsync("dhtGetHex", new { key })).GetProperty("value").GetString());

        // With the node gone without a word, nobody but js has them.
        await first.KillAsync();
        var second = await AddAsync(lab, 3, js, protocol);
        await second.StartAsync();
        await Eventually.TrueAsync(
            async () => (await second.CliAsync("resolve", first.VirtualIp.ToString(), "--json")).Output.Contains(first.PeerId, StringComparison.Ordinal),
            "the other node finds the record", () => js.Log + second.Log);

        // And when it is back, it is reached.
        await first.StartAsync();
        await Eventually.TrueAsync(
            async () => (await second.Machine.Namespace.RunAsync("ping", "-c", "1", "-W", "1", first.VirtualIp.ToString())).ExitCode == 0,
            "the other node reaches it", () => js.Log + second.Log + first.Log);
    }

    private static async Task<Dictionary<string, string>> RecordsAsync(JsPeer js) => (await js.AskAsync("dhtRecords")).EnumerateArray()
        .ToDictionary(static pair => pair[0].GetString()!, static pair => pair[1].GetString()!);

    private static string ToHex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static Task<LabNode> AddAsync(Lab lab, int number, JsPeer js, string protocol) => lab.AddNodeAsync(
        lab.Machines[number - 1],
        LabNodeSettings.Number(number) with
        {
            Vpn = ["strategies: { discovery: [dht] }", "network_key: open"],
            Plugins = [$"discovery.dht: {{ protocol: \"{protocol}\", bootstrap: [\"{js.Addresses[0]}\"] }}"],
        });
}
