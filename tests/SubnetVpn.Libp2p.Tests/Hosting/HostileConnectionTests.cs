using System.Net.Sockets;
using System.Security.Cryptography;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Diagnostics;
using SubnetVpn.Libp2p.Tests.Yamux;
using SubnetVpn.Libp2p.Yamux;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Hosting;

/// <summary>What strangers do to an open port. After each of them the host still serves others.</summary>
public class HostileConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Garbage => new()
    {
        "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2p1\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
        "\u0013/multistream/1.0.0\n\u0007/nonsense",
        "\u0013/multistream/2.0.0\n",
        "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
        "\n",
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Inbound_Garbage_IsCountedAndClosed(string garbage)
    {
        await using HostPair pair = await HostPair.StartAsync();
        using Socket socket = await RawPeer.ConnectSocketAsync(pair.Server);

        await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(garbage), Token);
        socket.Shutdown(SocketShutdown.Send);
        await ReadToEndAsync(socket);

        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundHandshakeFailures.Values.Sum() == 1);
        HandshakeFailure failure = Assert.Single(pair.Server.GetStatistics().InboundHandshakeFailures).Key;
        Assert.True(failure is HandshakeFailure.Garbage or HandshakeFailure.LinkEnded, failure.ToString());
        await AssertServesAsync(pair);
    }

    [Fact]
    public async Task Inbound_RandomBytesBehindTheNoiseProposal_IsCounted()
    {
        await using HostPair pair = await HostPair.StartAsync(limits => limits.Limits.InboundBurstPerAddress = 1000);
        foreach (byte[] bytes in RandomBytes.Noise(seed: 91, count: 40, maxLength: 600))
        {
            using Socket socket = await RawPeer.ConnectSocketAsync(pair.Server);
            byte[] opening = [.. "\u0013/multistream/1.0.0\n\u0007/noise\n"u8, .. bytes];
            await socket.SendAsync(opening, Token);
            socket.Shutdown(SocketShutdown.Send);
            await ReadToEndAsync(socket);
        }

        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundHandshakeFailures.Values.Sum() == 40);
        await AssertServesAsync(pair);
    }

    [Fact]
    public async Task Inbound_SlowHandshake_IsEndedAtTheTimeout()
    {
        var time = new ManualTimeProvider();
        await using HostPair pair = await HostPair.StartAsync(time: time);
        using Socket socket = await RawPeer.ConnectSocketAsync(pair.Server);
        await socket.SendAsync("\u0013/multistream"u8.ToArray(), Token);
        await Eventually.TrueAsync(() => time.ActiveTimers == 1);

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(pair.Server.GetStatistics().InboundHandshakeFailures);
        await socket.SendAsync("/1.0.0"u8.ToArray(), Token);
        time.Advance(TimeSpan.FromSeconds(1));

        await ReadToEndAsync(socket);
        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundHandshakeFailures.GetValueOrDefault(HandshakeFailure.TimedOut) == 1);
    }

    [Fact]
    public async Task Inbound_500HalfOpenConnections_DoNotKeepOthersOut()
    {
        // All of this test comes from one address: as many at once are no attack here.
        await using HostPair pair = await HostPair.StartAsync(static options => options.Limits.InboundRatePerAddress = 0);
        var sockets = new List<Socket?>();
        for (int i = 0; i < 500; i++)
        {
            sockets.Add(await RawPeer.TryConnectSocketAsync(pair.Server));
        }

        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundAccepted == 500);
        await AssertServesAsync(pair);
        Libp2pStatistics statistics = pair.Server.GetStatistics();
        Assert.Equal(485, statistics.LimitHits[Libp2pLimit.PendingInboundPerAddress]);
        Assert.Equal(1, statistics.InboundEstablished);
        sockets.ForEach(static socket => socket?.Dispose());
        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundHandshakeFailures.Values.Sum() == 500);
    }

    [Fact]
    public async Task Inbound_HalfOpenOfOneAddressWithTheDefaults_LeaveOthersTheirPlaces()
    {
        await using HostPair pair = await HostPair.StartAsync();
        var sockets = new List<Socket?>();
        for (int i = 0; i < 200; i++)
        {
            sockets.Add(await RawPeer.TryConnectSocketAsync(pair.Server));
        }

        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundAccepted == 200);
        Assert.True(pair.Server.GetStatistics().LimitHits[Libp2pLimit.InboundRatePerAddress] > 0);

        // The address itself gets in again at its rate, as soon as it comes in moderation.
        await Eventually.TrueAsync(() => pair.Client.ConnectAsync(
            pair.Server.PeerId, pair.ServerAddresses, 0, Token).GetAwaiter().GetResult().Connection is not null);
        sockets.ForEach(static socket => socket?.Dispose());
    }

    [Fact]
    public async Task Inbound_TooManyInAShortTime_AreRefusedUntilTimePasses()
    {
        var time = new ManualTimeProvider();
        await using HostPair pair = await HostPair.StartAsync(options =>
        {
            options.Limits.InboundRatePerAddress = 1;
            options.Limits.InboundBurstPerAddress = 3;
        }, time);
        for (int i = 0; i < 5; i++)
        {
            using Socket? socket = await RawPeer.TryConnectSocketAsync(pair.Server);
        }

        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundAccepted == 5);
        Assert.Equal(2, pair.Server.GetStatistics().LimitHits[Libp2pLimit.InboundRatePerAddress]);
        time.Advance(TimeSpan.FromSeconds(1));
        using Socket later = await RawPeer.ConnectSocketAsync(pair.Server);
        await Eventually.TrueAsync(() => pair.Server.GetStatistics().InboundAccepted == 6);
        Assert.Equal(2, pair.Server.GetStatistics().LimitHits[Libp2pLimit.InboundRatePerAddress]);
    }

    [Theory]
    [InlineData(YamuxFault.OverWindow)]
    [InlineData(YamuxFault.BadVersion)]
    [InlineData(YamuxFault.WindowOverflow)]
    public async Task Connected_BreaksTheRules_GetsGoAwayAndIsCounted(YamuxFault fault)
    {
        await using HostPair pair = await HostPair.StartAsync();
        using RawPeer peer = await RawPeer.ConnectAsync(pair.Server);
        await Eventually.TrueAsync(() => pair.Server.Connections.Count == 1);
        Libp2pConnection connection = pair.Server.Connections[0];

        await peer.SendAsync(fault switch
        {
            YamuxFault.OverWindow => [Frames.Header(YamuxFrameType.Data, YamuxFlags.Syn, 1, (256 * 1024) + 1)],
            YamuxFault.WindowOverflow => [Frames.Window(1, YamuxFlags.Syn, uint.MaxValue)],
            _ => [[7, .. new byte[11]]],
        });
        List<YamuxHeader> answers = await peer.ReadToEndAsync();

        Assert.Equal(new YamuxHeader(YamuxFrameType.GoAway, YamuxFlags.None, 0, 1), answers[^1]);
        peer.Dispose();
        await connection.Closed.WithinSafetyLimitAsync();
        Assert.Equal(ConnectionEnd.ProtocolError, connection.End);
        Assert.Equal(fault, connection.Fault);
        Libp2pStatistics statistics = pair.Server.GetStatistics();
        Assert.Equal(1, statistics.ProtocolErrors[fault]);
        Assert.Equal(1, statistics.ConnectionEnds[ConnectionEnd.ProtocolError]);
        await AssertServesAsync(pair);
    }

    [Fact]
    public async Task Connected_TamperedMessage_EndsTheConnection()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using RawPeer peer = await RawPeer.ConnectAsync(pair.Server);
        await Eventually.TrueAsync(() => pair.Server.Connections.Count == 1);
        Libp2pConnection connection = pair.Server.Connections[0];

        await peer.SendBytesAsync([0, 32, .. RandomNumberGenerator.GetBytes(32)]);
        await peer.ReadToEndAsync();
        peer.Dispose();

        await connection.Closed.WithinSafetyLimitAsync();
        Assert.Equal(ConnectionEnd.DecryptFailed, connection.End);
        await AssertServesAsync(pair);
    }

    [Fact]
    public async Task Connected_HalfAFrameThenTheEnd_IsAClosedConnection()
    {
        await using HostPair pair = await HostPair.StartAsync();
        using RawPeer peer = await RawPeer.ConnectAsync(pair.Server);
        await Eventually.TrueAsync(() => pair.Server.Connections.Count == 1);
        Libp2pConnection connection = pair.Server.Connections[0];

        await peer.SendBytesAsync([1, 0, 5]);
        peer.Dispose();

        await connection.Closed.WithinSafetyLimitAsync();
        Assert.True(connection.End is ConnectionEnd.ClosedByPeer or ConnectionEnd.ConnectionBroken, connection.End.ToString());
    }

    [Fact]
    public async Task Connected_StreamsThatNeverNegotiate_AreEndedAtTheTimeout()
    {
        await using HostPair pair = await HostPair.StartAsync(options =>
        {
            options.NegotiationTimeout = TimeSpan.FromMilliseconds(200);
            options.Limits.MaxPendingStreamsPerConnection = 10;
        });
        using RawPeer peer = await RawPeer.ConnectAsync(pair.Server);

        await peer.SendAsync([.. Enumerable.Range(0, 30).Select(index => Frames.Window((uint)(1 + (2 * index)), YamuxFlags.Syn, 0))]);

        await Eventually.TrueAsync(() => pair.Server.GetStatistics().StreamNegotiationFailures >= 10);
        Assert.Equal(20, pair.Server.GetStatistics().LimitHits[Libp2pLimit.PendingStreams]);
        await Eventually.TrueAsync(() => pair.Server.Connections[0].StreamCount == 0);
    }

    private static async Task AssertServesAsync(HostPair pair)
    {
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        using Libp2pStream stream = await pair.OpenAsync();
        await stream.WriteAsync("still there"u8.ToArray(), Token);
        Assert.Equal(11, (await stream.ReadAsync(new byte[64], Token)).Count);
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Closed the hard way is closed too.
        }
    }
}
