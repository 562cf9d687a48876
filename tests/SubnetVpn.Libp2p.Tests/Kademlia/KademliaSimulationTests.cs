using System.Globalization;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Lookups;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

/// <summary>Many nodes in one process.</summary>
public class KademliaSimulationTests(ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FindClosest_NetworksOfRisingSize_TakesHopsThatGrowWithTheLogarithm()
    {
        var means = new List<double>();
        output.WriteLine("| nodes | lookups | mean hops | most hops | mean requests | nearest peer found |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (int size in (int[])[10, 100, 1000])
        {
            var network = new MemoryNetwork(seed: 4);
            await network.GrowAsync(size);
            const int lookups = 200;
            int right = 0;
            var results = new List<LookupResult>();
            for (int lookup = 0; lookup < lookups; lookup++)
            {
                PeerId asking = network.AnyAlive();
                byte[] id = network.NewId().Bytes.ToArray();
                KademliaKey target = KademliaKey.Of(id);
                LookupResult result = await network[asking].FindClosestAsync(id, Token);
                results.Add(result);
                PeerId nearest = network.Ids.Where(other => other != asking).MinBy(other => KademliaKey.Of(other.Bytes).DistanceTo(target));
                right += result.Closest[0].Id == nearest ? 1 : 0;
            }

            means.Add(results.Average(static result => result.Hops));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size} | {lookups} | {means[^1]:F2} | {results.Max(static result => result.Hops)} | {results.Average(static result => result.Requests):F1} | {100.0 * right / lookups:F1} % |"));
            Assert.True(right >= 0.99 * lookups, $"Of {lookups} lookups among {size} nodes {right} found the nearest peer.");
        }

        // A hundred times the nodes: far from a hundred times the hops, rather a few more for each power of ten.
        Assert.InRange(means[2], means[1], means[0] + 4);
        Assert.InRange(means[2] - means[1], 0, 2);
    }

    [Fact]
    public async Task GetValue_AFifthOfTheNodesIsDead_FindsNinetyNineOfAHundred()
    {
        var network = new MemoryNetwork(seed: 5);
        await network.GrowAsync(1000);
        const int values = 300;
        for (int value = 0; value < values; value++)
        {
            Assert.True(await network[network.AnyAlive()].PutValueAsync(NumberValidator.Key($"{value}"), NumberValidator.Value(value), Token) >= 20);
        }

        foreach (PeerId dead in network.Ids.OrderBy(_ => network.Random.Next()).Take(200).ToArray())
        {
            network.Down.Add(dead);
        }

        int found = 0;
        for (int value = 0; value < values; value++)
        {
            FoundValue result = await network[network.AnyAlive()].GetValueAsync(NumberValidator.Key($"{value}"), quorum: 5, Token);
            found += result.Values.Count == 1 && NumberValidator.Number(result.Values[0]) == value ? 1 : 0;
        }

        output.WriteLine($"{found} of {values} values were found with 200 of 1000 nodes dead.");
        Assert.True(found >= 0.99 * values, $"Only {found} of {values} were found.");
    }
}
