using System.Net;
using System.Net.Sockets;
using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Hosting;

public sealed class ConnectionTests : IDisposable
{
    private readonly List<Socket> _bound = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_AnotherPeerAtTheAddress_IsWrongPeer()
    {
        await using HostPair pair = await HostPair.StartAsync();
        PeerId expected = new TestIdentity().PeerId;

        OpenStreamResult result = await pair.Client.OpenStreamAsync(expected, pair.ServerAddresses, [HostPair.Protocol], 0, Token);

        Assert.Null(result.Stream);
        Assert.Equal(DialFailure.WrongPeer, result.Failure);
        Assert.Contains(pair.Server.PeerId.ToString(), result.Detail, StringComparison.Ordinal);
        Assert.Empty(pair.Client.Connections);
        Assert.Equal(1, pair.Client.GetStatistics().OutboundHandshakeFailures[HandshakeFailure.WrongPeer]);
    }

    [Fact]
    public async Task Open_Itself_IsRefused()
    {
        await using HostPair pair = await HostPair.StartAsync();

        OpenStreamResult result = await pair.Server.OpenStreamAsync(pair.Server.PeerId, pair.ServerAddresses, [HostPair.Protocol], 0, Token);

        Assert.Equal(DialFailure.Self, result.Failure);
    }

    [Fact]
    public async Task Open_NothingListens_IsRefusedThenBackoffUntilTimePasses()
    {
        var time = new ManualTimeProvider();
        await using Libp2pHost client = HostPair.NewHost(time: time);
        PeerId peer = new TestIdentity().PeerId;
        Multiaddr nobody = UnusedAddress();

        OpenStreamResult first = await client.OpenStreamAsync(peer, [nobody], [HostPair.Protocol], 0, Token);
        OpenStreamResult second = await client.OpenStreamAsync(peer, [nobody], [HostPair.Protocol], 0, Token);
        time.Advance(TimeSpan.FromSeconds(7));
        OpenStreamResult third = await client.OpenStreamAsync(peer, [nobody], [HostPair.Protocol], 0, Token);
        OpenStreamResult fourth = await client.OpenStreamAsync(peer, [nobody], [HostPair.Protocol], 0, Token);

        Assert.Equal(DialFailure.Refused, first.Failure);
        Assert.Contains("connection refused", first.Detail, StringComparison.Ordinal);
        Assert.Equal(DialFailure.Backoff, second.Failure);
        Assert.Equal(first.Detail, second.Detail);
        Assert.Equal(time.GetUtcNow() - TimeSpan.FromSeconds(1), second.RetryAt);
        Assert.Equal(DialFailure.Refused, third.Failure);

        // 5 s + 2² s after the second failure.
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(9), fourth.RetryAt);
        Assert.Equal(2, client.GetStatistics().DialFailures[DialFailure.Refused]);
    }

    [Fact]
    public async Task Open_PeerReachedUsMeanwhile_NoBackoffAndNoDial()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Client.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Multiaddr nobody = UnusedAddress();
        PeerId client = pair.Client.PeerId;
        Assert.Equal(DialFailure.Refused, (await pair.Server.OpenStreamAsync(client, [nobody], [HostPair.Protocol], 0, Token)).Failure);

        Assert.NotNull((await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection);
        await Eventually.TrueAsync(() => pair.Server.Connections.Count == 1);
        OpenStreamResult result = await pair.Server.OpenStreamAsync(client, [nobody], [HostPair.Protocol], 0, Token);

        Assert.NotNull(result.Stream);
        Assert.True(result.Stream.Connection.IsInbound);
    }

    [Fact]
    public async Task Open_FirstAddressDead_TheNextIsUsed()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Multiaddr nobody = UnusedAddress();
        Multiaddr useless = Multiaddr.Parse("/ip4/127.0.0.1/udp/1/quic-v1");

        OpenStreamResult result = await pair.Client.OpenStreamAsync(
            pair.Server.PeerId, [useless, nobody, .. pair.ServerAddresses], [HostPair.Protocol], 0, Token);

        Assert.NotNull(result.Stream);
    }

    [Fact]
    public async Task Open_AddressDoesNotAnswer_TheNextIsTriedBeforeItsTimeout()
    {
        // A listener whose backlog is full takes the connection no further, as a lost host would.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen(1);
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        OpenStreamResult result = await pair.Client.OpenStreamAsync(
            pair.Server.PeerId, [Multiaddr.FromTcpEndPoint((IPEndPoint)silent.LocalEndPoint!), .. pair.ServerAddresses], [HostPair.Protocol], 0, Token);

        Assert.NotNull(result.Stream);
    }

    [Fact]
    public async Task Open_NoAddress_IsAClearFailure()
    {
        await using Libp2pHost client = HostPair.NewHost();

        OpenStreamResult none = await client.OpenStreamAsync(new TestIdentity().PeerId, [], [HostPair.Protocol], 0, Token);
        OpenStreamResult useless = await client.OpenStreamAsync(
            new TestIdentity().PeerId, [Multiaddr.Parse("/ip4/192.0.2.1/udp/1/quic-v1")], [HostPair.Protocol], 0, Token);

        Assert.Equal(DialFailure.NoAddress, none.Failure);
        Assert.Equal(DialFailure.NoAddress, useless.Failure);
        Assert.Contains("quic-v1", useless.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ManyAtOnce_ShareOneDialAndConnection()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        Libp2pStream[] streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pair.OpenAsync()));

        Assert.Single(streams.Select(static stream => stream.Connection).Distinct());
        Assert.Equal(1, pair.Server.GetStatistics().InboundAccepted);
    }

    [Fact]
    public async Task Open_DifferentLanes_UseDifferentConnections()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);

        Libp2pStream[] streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(lane => pair.OpenAsync(lane)));

        Assert.Equal(4, streams.Select(static stream => stream.Connection).Distinct().Count());
        Assert.Same(streams[1].Connection, streams[5].Connection);
        Assert.Equal(4, pair.Client.Connections.Count);
    }

    [Fact]
    public async Task Open_LaneThatCannotBeDialled_UsesAnExistingConnection()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Libp2pStream first = await pair.OpenAsync();
        Multiaddr nobody = UnusedAddress();

        OpenStreamResult dead = await pair.Client.OpenStreamAsync(pair.Server.PeerId, [nobody], [HostPair.Protocol], 1, Token);
        OpenStreamResult none = await pair.Client.OpenStreamAsync(pair.Server.PeerId, [], [HostPair.Protocol], 2, Token);

        Assert.Same(first.Connection, dead.Stream?.Connection);
        Assert.Same(first.Connection, none.Stream?.Connection);
    }

    [Fact]
    public async Task Open_LimitOfConnectionsWithThePeer_LanesShare()
    {
        await using HostPair pair = await HostPair.StartAsync(static options => options.Limits.MaxConnectionsWithPeer = 2);
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        var streams = new List<Libp2pStream>();
        for (int lane = 0; lane < 4; lane++)
        {
            streams.Add(await pair.OpenAsync(lane));
        }

        Assert.Equal(2, streams.Select(static stream => stream.Connection).Distinct().Count());
    }

    [Fact]
    public async Task Inbound_MoreThanTheHostTakes_IsRefusedAndCounted()
    {
        await using HostPair pair = await HostPair.StartAsync(configureServer: static options => options.Limits.MaxConnections = 1);
        using RawPeer first = await RawPeer.ConnectAsync(pair.Server);
        await Eventually.TrueAsync(() => pair.Server.Connections.Count == 1);

        OpenStreamResult result = await pair.TryOpenAsync();

        Assert.Null(result.Stream);
        await Eventually.TrueAsync(() => pair.Server.GetStatistics().LimitHits.GetValueOrDefault(Libp2pLimit.Connections) > 0);
    }

    [Fact]
    public async Task Inbound_HostIsFullOfIdleConnections_TheOldestGivesWay()
    {
        var time = new ManualTimeProvider();
        await using HostPair pair = await HostPair.StartAsync(time: time, configureServer: static options => options.Limits.MaxConnections = 1);
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using RawPeer idle = await RawPeer.ConnectAsync(pair.Server);
        await Eventually.TrueAsync(() => pair.Server.Connections.Count == 1);
        Libp2pConnection old = pair.Server.Connections[0];

        // We ask it for its identity; it never answers.
        await Eventually.TrueAsync(() => old.StreamCount == 1);
        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => old.StreamCount == 0);
        using Libp2pStream stream = await pair.OpenAsync();

        Assert.Equal(ConnectionEnd.OverLimit, old.End);
        Assert.Equal(pair.Client.PeerId, Assert.Single(pair.Server.Connections).RemotePeer);
    }

    [Fact]
    public async Task Connections_Quiet_HoldNoBuffers()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Libp2pStream[] streams = await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => pair.OpenAsync(lane)));
        await Task.WhenAll(streams.Select(async stream =>
        {
            await stream.WriteAsync(new byte[500_000], Token);
            for (int received = 0; received < 500_000;)
            {
                received += (await stream.ReadAsync(new byte[8_000], Token)).Count;
            }
        }));

        await Eventually.TrueAsync(() => pair.Client.BuffersInUse == 0);
        await Eventually.TrueAsync(() => pair.Server.BuffersInUse == 0);
        Assert.Equal(4, pair.Server.Connections.Count);
    }

    [Fact]
    public async Task Open_AfterTheConnectionWasLost_DialsAgain()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Libp2pStream first = await pair.OpenAsync();

        await first.Connection.CloseAsync();
        Libp2pStream second = await pair.OpenAsync();

        Assert.NotSame(first.Connection, second.Connection);
        Assert.Equal(StreamEnd.ConnectionLost, first.End);
        Assert.Equal(ConnectionEnd.ClosedLocally, first.Connection.End);
    }

    [Fact]
    public async Task Observe_PeerComesAndGoes_IsToldWithTheReason()
    {
        await using HostPair pair = await HostPair.StartAsync();
        var observer = new RecordingObserver();
        using IDisposable observing = pair.Server.Observe(observer);
        Assert.NotNull((await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection);
        await Eventually.TrueAsync(() => observer.Events.Length == 1);

        await pair.Client.ClosePeerAsync(pair.Server.PeerId);

        await Eventually.TrueAsync(() => observer.Events.Length == 2);
        Assert.Equal([$"+{pair.Client.PeerId}", $"-{pair.Client.PeerId} ClosedByPeer"], observer.Events);
        Assert.Empty(pair.Server.Connections);
    }

    [Fact]
    public async Task KeepAlive_PeerThatAnswersNothing_IsDisconnected()
    {
        var time = new ManualTimeProvider();
        await using HostPair pair = await HostPair.StartAsync(time: time);
        using RawPeer peer = await RawPeer.ConnectAsync(pair.Server);
        await Eventually.TrueAsync(() => pair.Server.Connections.Count == 1);
        Libp2pConnection connection = pair.Server.Connections[0];
        await Eventually.TrueAsync(() => connection.BytesSent > 0);

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(ConnectionEnd.PeerSilent, connection.End);
        await connection.Closed.WithinSafetyLimitAsync();
    }

    [Fact]
    public async Task Dispose_WithStreamsOpen_EndsThemAndLeavesNothing()
    {
        HostPair pair = await HostPair.StartAsync();
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Libp2pStream[] streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(lane => pair.OpenAsync(lane)));
        Libp2pConnection[] atServer = [.. pair.Server.Connections];

        await pair.Server.DisposeAsync();

        Assert.All(atServer, static connection => Assert.Equal(ConnectionEnd.HostStopped, connection.End));
        Assert.All(atServer, static connection => Assert.True(connection.Closed.IsCompletedSuccessfully));
        await Eventually.TrueAsync(() => pair.Client.Connections.Count == 0);
        Assert.All(streams, static stream => Assert.Equal(StreamEnd.ConnectionLost, stream.End));
        Assert.Equal(DialFailure.HostStopped, (await pair.Server.OpenStreamAsync(pair.Client.PeerId, [], ["/x"], 0, Token)).Failure);
        await pair.Client.DisposeAsync();
        await pair.Client.DisposeAsync();
    }

    [Theory]
    [InlineData(true, true, "aes-256-gcm")]
    [InlineData(true, false, "chacha20-poly1305")]
    public async Task Connection_WhoPrefersAes_TellsItsCipher(bool client, bool server, string expected)
    {
        await using HostPair pair = await HostPair.StartAsync(
            options => options.PreferAes = client, configureServer: options => options.PreferAes = server);

        Assert.Equal(expected, (await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection!.Cipher);
    }

    [Fact]
    public async Task Connection_OnLinux_TellsItsCongestionControl()
    {
        await using HostPair reno = await HostPair.StartAsync(static options => options.Tcp.Congestion = "reno");
        await using HostPair unknown = await HostPair.StartAsync(static options => options.Tcp.Congestion = "no-such-thing");

        string? chosen = (await reno.Client.ConnectAsync(reno.Server.PeerId, reno.ServerAddresses, 0, Token)).Connection!.Congestion;
        string? fallback = (await unknown.Client.ConnectAsync(unknown.Server.PeerId, unknown.ServerAddresses, 0, Token)).Connection!.Congestion;

        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells.");
        Assert.Equal("reno", chosen);
        Assert.False(string.IsNullOrEmpty(fallback));
    }

    public void Dispose() => _bound.ForEach(static socket => socket.Dispose());

    /// <summary>An address where nothing listens: bound, so that nobody else gets it, but not listening.</summary>
    private Multiaddr UnusedAddress()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _bound.Add(socket);
        return Multiaddr.FromTcpEndPoint((IPEndPoint)socket.LocalEndPoint!);
    }

    private sealed class RecordingObserver : IPeerObserver
    {
        private readonly List<string> _events = [];

        public string[] Events
        {
            get
            {
                lock (_events)
                {
                    return [.. _events];
                }
            }
        }

        public void PeerConnected(PeerId peer) => Add($"+{peer}");

        public void PeerDisconnected(PeerId peer, ConnectionEnd reason) => Add($"-{peer} {reason}");

        private void Add(string text)
        {
            lock (_events)
            {
                _events.Add(text);
            }
        }
    }
}
