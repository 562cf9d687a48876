using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Hosting;
using SubnetVpn.Libp2p.Tests;
using SubnetVpn.Libp2p.Tests.Kademlia;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Interop.Tests;

/// <summary>A hash table of three js peers and three nodes of ours, who all joined by the first js peer.</summary>
internal sealed class KademliaNetwork : IAsyncDisposable
{
    private const int PeersOfAKind = 3;

    public List<JsPeer> Js { get; } = [];

    public List<InteropHost> Hosts { get; } = [];

    public List<KademliaService> Tables { get; } = [];

    public string Log => string.Join('\n', Js.Select(static js => js.Log));

    public static async Task<KademliaNetwork> StartAsync(string protocol)
    {
        JsPeer.Require();
        var network = new KademliaNetwork();
        try
        {
            for (var index = 0; index < PeersOfAKind; index++)
            {
                network.Js.Add(await JsPeer.StartAsync(inside: null, new { listen = new[] { "/ip4/127.0.0.1/tcp/0" }, dht = new { protocol } }));
                if (index > 0)
                {
                    await network.Js[index].AskAsync("dial", new { address = network.Js[0].Addresses[0] });
                }
            }

            for (var index = 0; index < PeersOfAKind; index++)
            {
                await network.AddOursAsync(protocol);
            }

            await Eventually.TrueAsync(network.KnowsItselfAsync, "all know all", () => network.Log);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var table in Tables)
        {
            await table.DisposeAsync();
        }

        foreach (var host in Hosts)
        {
            await host.DisposeAsync();
        }

        foreach (var js in Js)
        {
            await js.DisposeAsync();
        }
    }

    private async Task AddOursAsync(string protocol)
    {
        var host = await InteropHost.StartAsync();
        Hosts.Add(host);
        var options = new KademliaOptions { Protocol = protocol, Bootstrap = [Multiaddr.Parse(Js[0].Addresses[0])] };
        var table = new KademliaService(host.Host, options, TimeProvider.System, NullLoggerFactory.Instance);
        Tables.Add(table);
        table.AddValidator(NumberValidator.Namespace, new NumberValidator());
        table.Serve();
        table.Start();
    }

    // A search for anything at all makes each peer meet the others.
    private async Task<bool> KnowsItselfAsync()
    {
        foreach (var table in Tables)
        {
            await table.FindPeerAsync(new TestIdentity().PeerId, TestContext.Current.CancellationToken);
        }

        var met = new List<int>();
        foreach (var js in Js)
        {
            met.Add((await js.AskAsync("dhtClosest", new { key = "anything" })).EnumerateArray()
                .Count(peer => peer.GetString() != js.PeerId));
        }

        return Tables.TrueForAll(static table => table.GetStatistics().Peers == (2 * PeersOfAKind) - 1)
            && met.TrueForAll(static count => count == (2 * PeersOfAKind) - 1);
    }
}
