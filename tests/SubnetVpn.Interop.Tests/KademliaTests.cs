using System.Security.Cryptography;
using System.Text;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Tests.Kademlia;

namespace SubnetVpn.Interop.Tests;

/// <summary>Our nodes and those of js-libp2p's kad-dht in one hash table.</summary>
public sealed class KademliaTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/ipfs/kad/1.0.0")]
    [InlineData("/subnetvpn/kad/1.0.0")]
    [InlineData("ipsn/kad/1.0.0")]
    public async Task Values_StoredByOneKind_AreFoundByTheOther(string protocol)
    {
        await using var network = await KademliaNetwork.StartAsync(protocol);

        Assert.Equal(6, await network.Tables[0].PutValueAsync(NumberValidator.Key("ours"), NumberValidator.Value(7), Token));
        var taken = await network.Js[1].AskAsync("dhtPut", new { key = "/number/theirs", value = "8" });

        foreach (var js in network.Js)
        {
            Assert.Equal("7", (await js.AskAsync("dhtGet", new { key = "/number/ours" })).GetProperty("value").GetString());
        }

        foreach (var table in network.Tables)
        {
            var found = await table.GetValueAsync(NumberValidator.Key("theirs"), Token);
            Assert.Equal(8, NumberValidator.Number(Assert.Single(found.Values)));
        }

        var takers = taken.GetProperty("taken").EnumerateArray().Select(static peer => peer.GetString()).ToHashSet();
        Assert.All(network.Hosts, host => Assert.Contains(host.Host.PeerId.ToString(), takers));
        Assert.All(network.Tables, static table => Assert.Equal(0, table.GetStatistics().Refusals.Values.Sum()));
        Assert.All(network.Tables, static table => Assert.Empty(table.GetStatistics().Requests.Keys.Except([RequestFailure.None, RequestFailure.Cancelled])));
    }

    [Fact]
    public async Task Values_NewerOneOfTheOtherKind_Wins()
    {
        await using var network = await KademliaNetwork.StartAsync("/subnetvpn/kad/1.0.0");
        await network.Tables[0].PutValueAsync(NumberValidator.Key("a"), NumberValidator.Value(7), Token);

        await network.Js[2].AskAsync("dhtPut", new { key = "/number/a", value = "8" });

        Assert.Equal(8, NumberValidator.Number((await network.Tables[2].GetValueAsync(NumberValidator.Key("a"), Token)).Values[0]));
        Assert.True(await network.Tables[1].PutValueAsync(NumberValidator.Key("a"), NumberValidator.Value(9), Token) >= 4);
        Assert.Equal("9", (await network.Js[0].AskAsync("dhtGet", new { key = "/number/a" })).GetProperty("value").GetString());
    }

    [Fact]
    public async Task ProvidersAndPeers_OfOneKind_AreFoundByTheOther()
    {
        await using var network = await KademliaNetwork.StartAsync("/ipfs/kad/1.0.0");
        var (ours, oursCid) = Multihash("ours");
        var (theirs, theirsCid) = Multihash("theirs");

        Assert.Equal(6, await network.Tables[0].ProvideAsync(ours, Token));
        await network.Js[1].AskAsync("dhtProvide", new { cid = theirsCid });

        var foundByJs = await network.Js[2].AskAsync("dhtFindProviders", new { cid = oursCid });
        Assert.Equal([network.Hosts[0].Host.PeerId.ToString()], foundByJs.EnumerateArray().Select(static peer => peer.GetString()));
        var foundByUs = Assert.Single(await network.Tables[2].FindProvidersAsync(theirs, 20, Token));
        Assert.Equal(network.Js[1].PeerId, foundByUs.Id.ToString());

        var addresses = await network.Js[2].AskAsync("dhtFindPeer", new { peerId = network.Hosts[1].Host.PeerId.ToString() });
        Assert.Contains(addresses.EnumerateArray(), address => address.GetString()!.StartsWith(network.Hosts[1].Host.ListenAddresses[0].ToString(), StringComparison.Ordinal));
        var peer = await network.Tables[1].FindPeerAsync(PeerId.Parse(network.Js[2].PeerId), Token);
        Assert.Contains(network.Js[2].Addresses[0], peer!.Addresses.Select(address => address.WithPeerId(peer.Id).ToString()));
    }

    // The text of a CID of version 0 is that of a peer id whose key is hashed.
    private static (byte[] Bytes, string Cid) Multihash(string content)
    {
        byte[] bytes = [0x12, 0x20, .. SHA256.HashData(Encoding.UTF8.GetBytes(content))];
        Assert.True(PeerId.TryFromBytes(bytes, out var id));
        return (bytes, id.ToString());
    }
}
