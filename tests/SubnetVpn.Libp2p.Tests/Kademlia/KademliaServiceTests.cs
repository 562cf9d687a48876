using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Encoding;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Kademlia;
using SubnetVpn.Libp2p.Kademlia.Hosting;
using SubnetVpn.Libp2p.Kademlia.Lookups;
using SubnetVpn.Libp2p.Kademlia.Wire;
using SubnetVpn.Libp2p.Tests.Hosting;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Kademlia;

/// <summary>On hosts that talk TCP over loopback.</summary>
public sealed class KademliaServiceTests : IAsyncLifetime
{
    private readonly List<Libp2pHost> _hosts = [];
    private readonly List<KademliaService> _services = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (KademliaService service in _services)
        {
            await service.DisposeAsync();
        }

        foreach (Libp2pHost host in _hosts)
        {
            await host.DisposeAsync();
        }
    }

    private async Task<(KademliaService Service, Libp2pHost Host)> StartAsync(
        bool isServer = true, Libp2pHost? bootstrap = null, Action<KademliaOptions>? configure = null)
    {
        Libp2pHost host = HostPair.NewHost();
        _hosts.Add(host);
        if (isServer)
        {
            await host.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        }

        var options = new KademliaOptions();
        if (bootstrap is not null)
        {
            options.Bootstrap = [.. bootstrap.ListenAddresses.Select(address => address.WithPeerId(bootstrap.PeerId))];
        }

        configure?.Invoke(options);
        var service = new KademliaService(host, options, TimeProvider.System, NullLoggerFactory.Instance);
        _services.Add(service);
        service.AddValidator(NumberValidator.Namespace, new NumberValidator());
        if (isServer)
        {
            service.Serve();
        }

        service.Start();
        return (service, host);
    }

    private static async Task<Libp2pStream> OpenAsync(Libp2pHost from, Libp2pHost to, string protocol = "/subnetvpn/kad/1.0.0")
    {
        OpenStreamResult result = await from.OpenStreamAsync(to.PeerId, to.ListenAddresses, [protocol], 0, Token);
        Assert.True(result.Stream is not null, result.Detail);
        return result.Stream;
    }

    private static async Task<StreamEnd> ReadToEndAsync(Libp2pStream stream)
    {
        var buffer = new byte[4096];
        while (true)
        {
            StreamRead read = await stream.ReadAsync(buffer, Token);
            if (read.Count == 0)
            {
                return read.End;
            }
        }
    }

    [Theory(Timeout = 60_000)]
    [InlineData("/subnetvpn/kad/1.0.0")]
    [InlineData("ipsn/kad/1.0.0")]
    [InlineData("/ipfs/kad/1.0.0")]
    public async Task Values_FiveServersAndAClient_AreFoundAlsoWithoutTheBootstrap(string protocol)
    {
        void Configure(KademliaOptions options) => options.Protocol = protocol;
        (KademliaService first, Libp2pHost bootstrap) = await StartAsync(configure: Configure);
        var others = new List<KademliaService>();
        for (int index = 0; index < 4; index++)
        {
            others.Add((await StartAsync(bootstrap: bootstrap, configure: Configure)).Service);
        }

        await Eventually.TrueAsync(() => others.TrueForAll(static service => service.GetStatistics().Peers == 4));
        (KademliaService client, _) = await StartAsync(isServer: false, bootstrap, Configure);
        Assert.Equal(5, await others[0].PutValueAsync(NumberValidator.Key("a"), NumberValidator.Value(7), Token));
        Assert.Equal(7, NumberValidator.Number((await client.GetValueAsync(NumberValidator.Key("a"), Token)).Values[0]));

        await first.DisposeAsync();
        await bootstrap.DisposeAsync();

        Assert.Equal(4, await others[1].PutValueAsync(NumberValidator.Key("b"), NumberValidator.Value(8), Token));
        Assert.Equal(7, NumberValidator.Number((await others[3].GetValueAsync(NumberValidator.Key("a"), Token)).Values[0]));
        Assert.Equal(8, NumberValidator.Number((await client.GetValueAsync(NumberValidator.Key("b"), Token)).Values[0]));
        Assert.False(client.GetStatistics().IsServer);
        Assert.All(others, static service => Assert.Equal(0, service.GetStatistics().Refusals.Values.Sum()));
    }

    [Fact(Timeout = 60_000)]
    public async Task ProvidersAndPeers_AreFoundWithWorkingAddresses()
    {
        (_, Libp2pHost bootstrap) = await StartAsync();
        (KademliaService provider, Libp2pHost providing) = await StartAsync(bootstrap: bootstrap);
        (KademliaService client, Libp2pHost asking) = await StartAsync(isServer: false, bootstrap);
        byte[] multihash = Multihash.Create(Multihash.Sha256, new byte[32]);
        await Eventually.TrueAsync(() => provider.GetStatistics().Peers == 1);

        Assert.Equal(2, await provider.ProvideAsync(multihash, Token));

        KademliaPeer found = Assert.Single(await client.FindProvidersAsync(multihash, 20, Token));
        Assert.Equal(providing.PeerId, found.Id);
        Assert.Equal(providing.ListenAddresses, found.Addresses);
        Assert.Equal(providing.ListenAddresses, (await client.FindPeerAsync(providing.PeerId, Token))!.Addresses);
        Assert.Null(await client.FindPeerAsync(new TestIdentity().PeerId, Token));
        Assert.Null(await provider.FindPeerAsync(asking.PeerId, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Request_ToAClient_IsNotServed()
    {
        (KademliaService client, Libp2pHost host) = await StartAsync(isServer: false);
        await host.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        (KademliaService other, _) = await StartAsync(isServer: false, bootstrap: host);

        Assert.Equal(0, await other.PutValueAsync(NumberValidator.Key("a"), NumberValidator.Value(7), Token));

        Assert.True(other.GetStatistics().Requests[RequestFailure.NotServed] > 0);
        Assert.Equal(0, other.GetStatistics().Peers);
        Assert.Equal(0, client.GetStatistics().Answered);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ffffffffffffffffffff01", KademliaRefusal.Malformed)]
    [InlineData("0408ffffff", KademliaRefusal.Malformed)]
    [InlineData("81800200", KademliaRefusal.TooLarge)]
    [InlineData("020809", KademliaRefusal.UnknownType)]
    [InlineData("020804", KademliaRefusal.WrongKey)]
    [InlineData("050801120161", KademliaRefusal.None)]
    [InlineData("0a0804", KademliaRefusal.Malformed)]
    public async Task Stream_HostileBytes_AreRefusedAndCounted(string hex, KademliaRefusal expected)
    {
        (KademliaService server, Libp2pHost host) = await StartAsync();
        await using Libp2pHost attacker = HostPair.NewHost();
        using Libp2pStream stream = await OpenAsync(attacker, host);

        await stream.WriteAsync(Hex.Bytes(hex), Token);
        await stream.CloseWriteAsync(Token);
        StreamEnd end = await ReadToEndAsync(stream);

        Assert.Equal(expected == KademliaRefusal.None ? StreamEnd.Completed : StreamEnd.ResetByPeer, end);
        Assert.Equal(expected == KademliaRefusal.None ? 0 : 1, server.GetStatistics().Refusals.GetValueOrDefault(expected));
    }

    [Fact(Timeout = 60_000)]
    public async Task Stream_SeveralRequests_AreAnsweredInTurn()
    {
        (_, Libp2pHost host) = await StartAsync();
        await using Libp2pHost asker = HostPair.NewHost();
        using Libp2pStream stream = await OpenAsync(asker, host);
        byte[] put = KademliaCodec.Encode(new KademliaMessage(KademliaMessageType.PutValue, NumberValidator.Key("a"))
        {
            Record = new KademliaRecord(NumberValidator.Key("a"), NumberValidator.Value(7)),
        });
        byte[] get = KademliaCodec.Encode(new KademliaMessage(KademliaMessageType.GetValue, NumberValidator.Key("a")));
        using var reader = new KademliaReader(stream, KademliaConstants.MaxReplyBytes);

        // In pieces that are no messages.
        await stream.WriteAsync(put.AsMemory(0, 5), Token);
        await stream.WriteAsync((byte[])[.. put[5..], .. get, .. get], Token);
        await stream.CloseWriteAsync(Token);

        Assert.Equal(KademliaMessageType.PutValue, (await reader.ReadAsync(Token)).Message!.Type);
        Assert.Equal(7, NumberValidator.Number((await reader.ReadAsync(Token)).Message!.Record!.Value));
        Assert.Equal(7, NumberValidator.Number((await reader.ReadAsync(Token)).Message!.Record!.Value));
        Assert.Equal(KademliaReader.Outcome.EndOfStream, (await reader.ReadAsync(Token)).Outcome);
    }

    [Fact(Timeout = 60_000)]
    public async Task Stream_Floods_MeetTheirLimits()
    {
        (KademliaService server, Libp2pHost host) = await StartAsync(configure: static options =>
        {
            options.Limits.RequestBurst = 5;
            options.Limits.RequestsPerSecond = 0.001;
            options.Limits.MaxStreamsPerPeer = 2;
        });
        await using Libp2pHost attacker = HostPair.NewHost();
        byte[] ping = KademliaCodec.Encode(new KademliaMessage(KademliaMessageType.Ping, default));
        using Libp2pStream first = await OpenAsync(attacker, host);
        using Libp2pStream second = await OpenAsync(attacker, host);
        await second.WriteAsync(ping, Token);
        Assert.Equal(ping.Length, (await second.ReadAsync(new byte[100], Token)).Count);

        await first.WriteAsync((byte[])[.. Enumerable.Repeat(ping, 5).SelectMany(static bytes => bytes)], Token);

        Assert.Equal(StreamEnd.ResetByPeer, await ReadToEndAsync(first));
        Assert.Equal(1, server.GetStatistics().Refusals[KademliaRefusal.TooManyRequests]);
        Assert.Equal(5, server.GetStatistics().Answered);

        // One has ended, so one more fits; the next does not. The reset may come before we see that the protocol was agreed.
        using Libp2pStream third = await OpenAsync(attacker, host);
        OpenStreamResult fourth = await attacker.OpenStreamAsync(host.PeerId, [], ["/subnetvpn/kad/1.0.0"], 0, Token);
        using (fourth.Stream)
        {
            await Eventually.TrueAsync(() => server.GetStatistics().Refusals.GetValueOrDefault(KademliaRefusal.TooManyStreams) == 1);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Stream_SilentInsideAMessage_IsResetInTime()
    {
        (KademliaService server, Libp2pHost host) = await StartAsync(configure: static options => options.StreamIdleTimeout = TimeSpan.FromMilliseconds(50));
        await using Libp2pHost attacker = HostPair.NewHost();
        using Libp2pStream idle = await OpenAsync(attacker, host);
        using Libp2pStream silent = await OpenAsync(attacker, host);
        await silent.WriteAsync((byte[])[100, 8], Token);

        Assert.Equal(StreamEnd.ResetByPeer, await ReadToEndAsync(silent));
        Assert.Equal(StreamEnd.ResetByPeer, await ReadToEndAsync(idle));
        Assert.Equal(1, server.GetStatistics().Refusals[KademliaRefusal.TimedOut]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ffffffffffffffffffff01", KademliaRefusal.Malformed)]
    [InlineData("81801000", KademliaRefusal.TooLarge)]
    [InlineData("020805", KademliaRefusal.WrongReply)]
    public async Task Request_HostileReplies_AreRefusedAndCounted(string hex, KademliaRefusal expected)
    {
        await using Libp2pHost liar = HostPair.NewHost();
        await liar.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        using IDisposable handler = liar.Handle("/subnetvpn/kad/1.0.0", async (stream, token) =>
        {
            await stream.WriteAsync(Hex.Bytes(hex), token);
            await stream.CloseWriteAsync(token);
        });
        (KademliaService client, _) = await StartAsync(isServer: false, bootstrap: liar);

        Assert.Empty((await client.GetValueAsync(NumberValidator.Key("a"), Token)).Values);

        Assert.True(client.GetStatistics().Refusals[expected] > 0);
        Assert.True(client.GetStatistics().Requests[RequestFailure.BadReply] > 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Request_PeerNeverAnswers_TimesOut()
    {
        await using Libp2pHost silent = HostPair.NewHost();
        await silent.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        using IDisposable handler = silent.Handle("/subnetvpn/kad/1.0.0", static (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, token));
        (KademliaService client, _) = await StartAsync(isServer: false, silent, static options => options.RequestTimeout = TimeSpan.FromMilliseconds(100));

        Assert.Empty((await client.GetValueAsync(NumberValidator.Key("a"), Token)).Values);

        Assert.True(client.GetStatistics().Requests[RequestFailure.TimedOut] > 0);
    }

    [Fact(Timeout = 60_000)]
    public async Task Dispose_RequestUnderWay_EndsAtOnce()
    {
        await using Libp2pHost silent = HostPair.NewHost();
        await silent.ListenAsync([Multiaddr.Parse("/ip4/127.0.0.1/tcp/0")]);
        var asked = new TaskCompletionSource();
        using IDisposable handler = silent.Handle("/subnetvpn/kad/1.0.0", async (_, token) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        });
        (KademliaService client, _) = await StartAsync(isServer: false, silent, static options => options.RequestTimeout = TimeSpan.FromHours(1));
        await asked.Task;

        await client.DisposeAsync().AsTask().WithinSafetyLimitAsync();
    }
}
