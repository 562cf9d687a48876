using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Discovery;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Libp2p;
using SubnetVpn.Transport.Libp2p.Records;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

public sealed class RecordStoreTests : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _transports = [];
    private readonly List<NodeIdentity> _identities = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync();
        }

        _identities.ForEach(static identity => identity.Dispose());
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_TwoNodesOfOneBootstrap_FindEachOthersRecords()
    {
        var bootstrap = await StartAsync(DhtMode.Server);
        var first = await StartAsync(DhtMode.Auto, bootstrap.Address);
        var second = await StartAsync(DhtMode.Client, bootstrap.Address);
        foreach (var node in (Libp2pTransport[])[bootstrap.Transport, first.Transport, second.Transport])
        {
            node.AddValidator("test", new LongestText());
        }

        Assert.True(await first.Transport.PutAsync(Bytes("/test/a"), Bytes("value"), Token) >= 2);

        Assert.Equal(["value"], await AllAsync(second.Transport, "/test/a"));
        Assert.Equal(["value"], await AllAsync(first.Transport, "/test/a"));
        Assert.Empty(await AllAsync(second.Transport, "/test/b"));
        Assert.True(bootstrap.Transport.GetSnapshot().Counters["dht.records"] == 1);
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_WhatTheValidatorRefuses_Throws()
    {
        var node = await StartAsync(DhtMode.Auto);
        using var registration = node.Transport.AddValidator("test", new LongestText());

        await Assert.ThrowsAnyAsync<ArgumentException>(() => node.Transport.PutAsync(Bytes("/test/a"), Bytes("bad"), Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => node.Transport.PutAsync(Bytes("/test/a"), Bytes("throw"), Token).AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => node.Transport.PutAsync(Bytes("/other/a"), Bytes("value"), Token).AsTask());
        Assert.Throws<ArgumentException>(() => node.Transport.AddValidator("test", new LongestText()));
        registration.Dispose();
        node.Transport.AddValidator("test", new LongestText()).Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task Open_NamesItsOwnTableAndFirstPeers_IsApartFromTheOther()
    {
        var bootstrap = await StartAsync(DhtMode.Auto);
        var node = await StartAsync(DhtMode.Auto);
        var far = bootstrap.Transport.Open(new RecordStoreSettings { Protocol = "ipsn/kad/1.0.0" });
        var near = node.Transport.Open(new RecordStoreSettings { Protocol = "ipsn/kad/1.0.0", Bootstrap = [bootstrap.Address] });
        using var farValidator = ((IRecordNamespaces)far).AddValidator("test", new LongestText());
        using var nearValidator = ((IRecordNamespaces)near).AddValidator("test", new LongestText());

        Assert.Equal(2, await near.PutAsync(Bytes("/test/a"), Bytes("value"), Token));

        Assert.Equal(["value"], await AllAsync(far, "/test/a"));
        Assert.Empty(await AllAsync(bootstrap.Transport, "/test/a"));
        Assert.Same(near, node.Transport.Open(new RecordStoreSettings { Protocol = "ipsn/kad/1.0.0" }));
        Assert.Throws<VpnException>(() => node.Transport.Open(new RecordStoreSettings { Bootstrap = ["/ip4/127.0.0.1/tcp/1"] }));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_Off_NobodyTakesIt()
    {
        var node = await StartAsync(DhtMode.Off);
        using var registration = node.Transport.AddValidator("test", new LongestText());

        Assert.Equal(0, await node.Transport.PutAsync(Bytes("/test/a"), Bytes("value"), Token));
        Assert.Empty(await AllAsync(node.Transport, "/test/a"));
        Assert.DoesNotContain(node.Transport.GetSnapshot().Counters.Keys, static name => name.StartsWith("dht.", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Auto_NobodyUsesTheStore_NothingOfItRuns()
    {
        var node = await StartAsync(DhtMode.Auto);
        var server = await StartAsync(DhtMode.Server, node.Address);

        await Eventually.TrueAsync(() => server.Transport.GetSnapshot().Counters.ContainsKey("dht.request.not_served"));

        Assert.DoesNotContain(node.Transport.GetSnapshot().Counters.Keys, static name => name.StartsWith("dht.", StringComparison.Ordinal));
    }

    private async Task<(Libp2pTransport Transport, string Address)> StartAsync(DhtMode mode, params string[] bootstrap)
    {
        var identity = NodeIdentity.Generate();
        _identities.Add(identity);
        var options = new Libp2pTransportOptions { Dht = mode, DhtBootstrap = bootstrap };
        var transport = new Libp2pTransport(options, identity, NoSubnets.Instance, TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters());
        _transports.Add(transport);
        var addresses = await transport.ListenAsync(["/ip4/127.0.0.1/tcp/0"], Token);
        return (transport, $"{addresses[0]}/p2p/{identity.Id}");
    }

    private static async Task<List<string>> AllAsync(IRecordStore store, string key)
    {
        var values = new List<string>();
        await foreach (var value in store.GetAsync(Bytes(key), Token))
        {
            values.Add(Encoding.UTF8.GetString(value.Span));
        }

        return values;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private sealed class LongestText : IRecordValidator
    {
        public bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span) switch
        {
            "bad" => false,
            "throw" => throw new InvalidOperationException("A defect of a validator."),
            _ => true,
        };

        public int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values) =>
            values.Select(static (value, index) => (value.Length, index)).MaxBy(static pair => pair.Length).index;
    }
}
