using SubnetVpn.Libp2p.Connections;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Interop.Tests;

/// <summary>A host of ours and a js peer, connected by one or the other.</summary>
internal sealed class InteropPair : IAsyncDisposable
{
    private InteropPair(InteropHost host, JsPeer js) => (Host, Js) = (host, js);

    public InteropHost Host { get; }

    public JsPeer Js { get; }

    public Libp2pConnection Connection => Assert.Single(Host.Host.Connections);

    public string HostPeerId => Host.Host.PeerId.ToString();

    public static async Task<InteropPair> ConnectAsync(bool jsDials, bool earlyMuxer = true)
    {
        var js = await JsPeer.ListenAsync(earlyMuxer);
        var pair = new InteropPair(await InteropHost.StartAsync(), js);
        if (jsDials)
        {
            await js.AskAsync("dial", new { address = pair.Host.Address });
        }
        else
        {
            var result = await pair.Host.DialAsync(js);
            Assert.True(result.Connection is not null, $"{result.Failure}: {result.Detail}\n{js.Log}");
        }

        // js aborts a connection that opens more than ten streams while it is still being set up.
        await Eventually.TrueAsync(
            async () => pair.Host.Host.Connections.Count == 1 && (await js.AskAsync("connections")).GetArrayLength() == 1,
            "both sides have the connection",
            () => js.Log);
        return pair;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Js.DisposeAsync();
    }
}
