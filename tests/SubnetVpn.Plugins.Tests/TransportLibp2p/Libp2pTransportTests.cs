using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using SubnetVpn.Core.Hosting.Identity;
using SubnetVpn.Libp2p.Dialling;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Metrics;
using SubnetVpn.TestKit.Time;
using SubnetVpn.TestKit.Transports;
using SubnetVpn.Transport.Libp2p;

namespace SubnetVpn.Plugins.Tests.TransportLibp2p;

public class Libp2pTransportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_AddressRefuses_TellsWhyAndWhenItIsTriedAgain()
    {
        var time = new ManualTimeProvider();
        var options = new Libp2pTransportOptions { DialBackoff = TimeSpan.FromSeconds(5), DialBackoffMax = TimeSpan.FromMinutes(5) };
        await using var pair = await TransportPair.CreateAsync(Token, time, options);
        await pair.Second.DisposeAsync();

        var first = await pair.First.OpenStreamAsync(pair.SecondEndpoint, new StreamRequest([TransportPair.Protocol]), Token);
        var second = await pair.First.OpenStreamAsync(pair.SecondEndpoint, new StreamRequest([TransportPair.Protocol]), Token);

        Assert.Equal(OpenStreamFailure.Unreachable, first.Failure);
        Assert.Contains(pair.SecondEndpoint.Peer.ToString(), first.Detail, StringComparison.Ordinal);
        Assert.Contains("connection refused", first.Detail, StringComparison.Ordinal);
        Assert.Equal(OpenStreamFailure.BackingOff, second.Failure);
        Assert.Equal(TimeSpan.FromSeconds(6), second.RetryAfter);
        Assert.Contains("connection refused", second.Detail, StringComparison.Ordinal);
        var failure = Assert.Single(pair.First.GetSnapshot().DialFailures);
        Assert.Equal((pair.SecondEndpoint.Peer, time.GetUtcNow(), time.GetUtcNow() + TimeSpan.FromSeconds(6)), (failure.Peer, failure.At, failure.NextAttempt));
        Assert.Contains("connection refused", failure.Error, StringComparison.Ordinal);
        Assert.Equal(1, pair.First.GetSnapshot().Counters["dial_failed.refused"]);
    }

    [Fact]
    public async Task Open_SomeAddressesUnreadable_UsesTheOthers()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var endpoint = pair.SecondEndpoint with { Addresses = ["nonsense", "/ip4/127.0.0.1/udp/1/quic-v1", .. pair.SecondEndpoint.Addresses] };

        var result = await pair.First.OpenStreamAsync(endpoint, new StreamRequest([TransportPair.Protocol]), Token);

        Assert.Equal(OpenStreamFailure.None, result.Failure);
    }

    [Fact]
    public async Task Open_AllAddressesUnreadable_NamesThem()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var endpoint = pair.SecondEndpoint with { Addresses = ["nonsense"] };

        var result = await pair.First.OpenStreamAsync(endpoint, new StreamRequest([TransportPair.Protocol]), Token);

        Assert.Equal(OpenStreamFailure.NoAddress, result.Failure);
        Assert.Contains("'nonsense' is no multiaddr", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoProtocol_Throws()
    {
        await using var pair = await TransportPair.CreateAsync(Token);

        await Assert.ThrowsAsync<ArgumentException>(async () => await pair.First.OpenStreamAsync(pair.SecondEndpoint, new StreamRequest([]), Token));
    }

    [Fact]
    public async Task Listen_PortInUse_NamesTheAddressAndTheMend()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var address = pair.SecondEndpoint.Addresses[0];

        var exception = await Assert.ThrowsAsync<VpnException>(async () => await pair.First.ListenAsync([address], Token));

        Assert.Equal(VpnErrorReason.Transport, exception.Reason);
        Assert.Contains(address, exception.Message, StringComparison.Ordinal);
        Assert.Contains("port is in use", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_GarbageOnThePort_IsCountedWithItsReason()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var port = int.Parse(pair.SecondEndpoint.Addresses[0].Split('/')[4], System.Globalization.CultureInfo.InvariantCulture);

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, Token);
        await socket.SendAsync("\u0006hello\n/\n"u8.ToArray(), Token);

        await Eventually.TrueAsync(() => pair.Second.GetSnapshot().Counters.GetValueOrDefault("handshake_failed.garbage") == 1);
        Assert.Equal(1, pair.Second.GetSnapshot().Counters["inbound.accepted"]);
    }

    [Fact]
    public async Task Snapshot_Connected_DescribesTheConnectionAndCounts()
    {
        await using var pair = await TransportPair.CreateAsync(Token);
        var (opened, accepted) = await pair.OpenAsync(Token);
        await opened.WriteAsync(new byte[10], Token);
        await accepted.ReadAsync(10, Token);

        var snapshot = pair.First.GetSnapshot();

        var connection = Assert.Single(snapshot.Connections);
        Assert.StartsWith("tcp/noise/yamux", connection.Description, StringComparison.Ordinal);
        Assert.Equal(pair.SecondEndpoint.Addresses[0], connection.RemoteAddress);
        Assert.Empty(snapshot.DialFailures);
        Assert.Equal(1, snapshot.Counters["outbound.established"]);
        // Ours, and what the library opens for itself.
        Assert.True(snapshot.Counters["streams.outbound"] >= 1);
        Assert.True(snapshot.Counters["bytes.sent"] > 10);
    }

    [Fact]
    public void Constructor_KeyThatIsNotTheIds_Throws()
    {
        using var identity = NodeIdentity.Generate();
        var liar = Substitute.For<INodeIdentity>();
        liar.Id.Returns(TestPeers.Create(1));
        liar.PublicKey.Returns(identity.PublicKey);

        var exception = Assert.Throws<VpnException>(
            () => new Libp2pTransport(new Libp2pTransportOptions(), liar, NoSubnets.Instance, TimeProvider.System, NullLoggerFactory.Instance, new ScopedMeters()));

        Assert.Equal(VpnErrorReason.Identity, exception.Reason);
        Assert.Contains(identity.Id.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_EveryReasonOfTheLibrary_HasOneInTheContract()
    {
        // A cancelled call throws instead.
        foreach (var failure in Enum.GetValues<DialFailure>().Except([DialFailure.Cancelled]))
        {
            Assert.Equal(failure == DialFailure.None, Failures.ToContract(failure) == OpenStreamFailure.None);
        }
    }
}
