using System.Collections.Concurrent;
using System.Security.Cryptography;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Frames;
using SubnetVpn.Resilience;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>Nodes of a network with a key, and those without it.</summary>
public sealed class NetworkKeyTests
{
    private const string Refused = "not_a_member";

    private static readonly NetworkKey s_key = NewKey();

    private readonly MemoryNetwork _network = new(TimeProvider.System);

    [Fact]
    public async Task Members_ExchangePackets()
    {
        await using var a = Create("a", "10.0.0.1", s_key);
        await using var b = Create("b", "10.0.0.2", s_key);
        await a.StartWithAsync(b);
        a.Tun.Send(UdpPacket.Make(a.Address, b.Address, 1, 2, 5));
        b.Tun.Send(UdpPacket.Make(b.Address, a.Address, 2, 1, 6));

        Assert.Equal(5, UdpPacket.NumberOf((await b.Tun.ReceiveAsync()).Packet));
        Assert.Equal(6, UdpPacket.NumberOf((await a.Tun.ReceiveAsync()).Packet));
        // What the peer runs is known from its hello, as in every network.
        Assert.Equal(VpnVersion.Agent, a.Service.GetSnapshot().Peers[0].AgentVersion);
        Assert.Equal(0, a.Service.GetMetrics().StreamErrors.GetValueOrDefault(Refused));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneWithoutTheKey_NeitherReachesAMemberNorIsReached(bool hasAnother)
    {
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var stranger = Create("stranger", "10.0.0.2", hasAnother ? NewKey() : null);
        await member.StartAsync();
        await stranger.StartAsync(member);
        member.Discovery.Tell(stranger.Mapping);

        await Eventually.TrueAsync(() => ErrorOf(member) is not null && ErrorOf(stranger) is not null && RefusedBy(member) >= 2);

        var (fromMember, fromStranger) = hasAnother
            ? ($"{stranger.Peer} says that we do not hold the key of network default: our network key differs from its", $"{member.Peer} says that we do not hold the key of network default")
            : ($"{stranger.Peer} does not hold the key of network default.", "network default has a key, and you did not prove that you hold it: set network_key");
        Assert.Contains(fromMember, ErrorOf(member), StringComparison.Ordinal);
        Assert.Contains(fromStranger, ErrorOf(stranger), StringComparison.Ordinal);
        await AssertNothingArrivesAsync(member, stranger);
        await AssertNothingArrivesAsync(stranger, member);
    }

    [Fact]
    public async Task OpenNetwork_NobodyProvesAnything()
    {
        await using var open = Create("open", "10.0.0.1", NetworkKey.Open("default"));
        await using var other = Create("other", "10.0.0.2", null);
        await open.StartWithAsync(other);
        open.Tun.Send(UdpPacket.Make(open.Address, other.Address, 1, 2, 5));

        Assert.Equal(5, UdpPacket.NumberOf((await other.Tun.ReceiveAsync()).Packet));
    }

    [Fact]
    public async Task Borrowed_InANetworkWithAKey_ComesAfterTheProofOrNotAtAll()
    {
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var friend = Create("friend", "10.0.0.2", s_key);
        await using var stranger = Create("stranger", "10.0.0.3", null);
        await friend.StartAsync(member);
        await stranger.StartAsync(member);
        await member.StartAsync(friend, stranger);
        await Eventually.TrueAsync(() => member.Service.GetSnapshot().Peers.Count == 2);

        await using var created = (await member.Service.CreateVpnStreamAsync(friend.Peer, CancellationToken.None)).Stream!;
        var lent = (await member.Service.GetStreamAsync(friend.Peer, CancellationToken.None)).Stream!;
        await RawPeer.WriteAsync(created, RawHello.Frame(FrameType.Packet, UdpPacket.Make(member.Address, friend.Address, 1, 2, 5)));
        await RawPeer.WriteAsync(lent, RawHello.Frame(FrameType.Packet, UdpPacket.Make(member.Address, friend.Address, 1, 2, 6)));
        int[] arrived = [UdpPacket.NumberOf((await friend.Tun.ReceiveAsync()).Packet), UdpPacket.NumberOf((await friend.Tun.ReceiveAsync()).Packet)];
        var refused = await member.Service.CreateVpnStreamAsync(stranger.Peer, CancellationToken.None);
        var notLent = await member.Service.GetStreamAsync(stranger.Peer, CancellationToken.None);

        Assert.Equal([5, 6], arrived.Order());
        Assert.Equal((OpenStreamFailure.NotAMember, OpenStreamFailure.NotAMember), (refused.Failure, notLent.Failure));
        Assert.Equal($"{stranger.Peer} does not hold the key of network default.", notLent.Detail);
    }

    // To try again at once is of no use: one attempt of the policy, not five.
    [Fact]
    public async Task OneWithoutTheKey_DoesNotTryAgainAtOnce()
    {
        var policy = new RecordingPolicy();
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var stranger = new TestNode(_network, "stranger", "10.0.0.2", resilience: policy);
        await member.StartAsync();
        await stranger.StartAsync(member);

        await Eventually.TrueAsync(() => !policy.Results.IsEmpty);

        var result = policy.Results.First();
        Assert.True(result.IsPermanent);
        Assert.Contains("set network_key", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)] // a packet
    [InlineData(3)] // a ping
    [InlineData(6)] // a fence
    [InlineData(77)]
    public async Task Stream_ThatBeginsWithoutHello_IsRefused(byte type)
    {
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(member, peer);
        var stream = await peer.OpenAsync(member, "/vpn/2.0.0");
        byte[] body = type == 1 ? UdpPacket.Make(VirtualIp.Parse("10.0.0.2"), member.Address, 1, 2, 5) : new byte[8];

        await RawPeer.WriteAsync(stream, RawHello.Frame((FrameType)type, body));

        await AssertRefusedAsync(member, stream, "begins with a hello that proves");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_WithoutProofOrWithOneMadeUp_IsRefused(bool isMadeUp)
    {
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(member, peer);
        var stream = await peer.OpenAsync(member, "/vpn/2.0.0");

        await RawPeer.WriteAsync(stream, [
            .. RawHello.Make(5, isMadeUp ? RandomNumberGenerator.GetBytes(32) : null),
            .. RawHello.Frame(FrameType.Packet, UdpPacket.Make(VirtualIp.Parse("10.0.0.2"), member.Address, 1, 2, 5))]);

        await AssertRefusedAsync(member, stream, isMadeUp ? "another one than ours" : "set network_key");
        Assert.Equal(0, member.Tun.Waiting);
    }

    [Fact]
    public async Task Hello_OfAMember_IsRefusedWhenItIsReplayedOrSentBack()
    {
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var attacker = new RawPeer(_network, "attacker", "/vpn/2.0.0");
        await StartAsync(member, attacker);
        // The attacker is known to the member by its peer id, not by the key: it gets the member's own hello, with its proof.
        var toAttacker = await attacker.AcceptAsync();
        var (_, recorded) = await RawHello.ReadAsync(toAttacker);
        Assert.True(HelloCodec.TryDecode(recorded, out var hello));
        Assert.Equal(32, hello.Proof.Length);

        // On the same connection, to its sender, as acceptor; then as opener, on the same connection and on a new one.
        await RawPeer.WriteAsync(toAttacker, RawHello.Frame(FrameType.Hello, recorded));
        await Eventually.TrueAsync(() => ErrorOf(member) is not null);
        Assert.Contains("does not hold the key", ErrorOf(member), StringComparison.Ordinal);
        var before = RefusedBy(member);
        var replayed = await attacker.OpenAsync(member, "/vpn/2.0.0");
        await RawPeer.WriteAsync(replayed, RawHello.Frame(FrameType.Hello, recorded));
        var goodbye = await RawHello.ReadGoodbyeAsync(replayed);

        Assert.Equal((GoodbyeReason.NotAllowed, "your key of network default is another one than ours"), (goodbye.Reason, goodbye.Text));
        await Eventually.TrueAsync(() => RefusedBy(member) > before);
    }

    [Fact]
    public async Task Hello_OfTwoMembers_IsRefusedOnAnAttackersConnection()
    {
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var friend = new RawPeer(_network, "friend");
        await using var attacker = new RawPeer(_network, "attacker");
        await StartAsync(member, friend);
        var stream = await friend.OpenAsync(member, "/vpn/2.0.0");
        var proof = Core.Membership.NetworkMembership.Of(new NetworkSettings { Addresses = [], NetworkKey = s_key }, friend.Peer)!.Prove(stream.Info, 5);
        var hello = RawHello.Make(5, proof);
        await RawPeer.WriteAsync(stream, hello);
        Assert.Equal(32, (await RawHello.ReadHelloAsync(stream)).Proof.Length);

        // All that went over the wire, again: on a stream of the same connection the number is taken, elsewhere nothing fits.
        var again = await friend.OpenAsync(member, "/vpn/2.0.0");
        await RawPeer.WriteAsync(again, hello);
        var replayed = await attacker.OpenAsync(member, "/vpn/2.0.0");
        await RawPeer.WriteAsync(replayed, hello);

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(again));
        await AssertRefusedAsync(member, replayed, "another one than ours", streamsLeft: 1);
        // The member's own stream goes on.
        await RawPeer.WriteAsync(stream, RawHello.Frame(FrameType.Packet, UdpPacket.Make(VirtualIp.Parse("10.0.0.2"), member.Address, 1, 2, 5)));
        Assert.Equal(5, UdpPacket.NumberOf((await member.Tun.ReceiveAsync()).Packet));
    }

    [Fact]
    public async Task Stream_ThatSaysNothing_IsRefusedAfterItsTime()
    {
        var time = new ManualTimeProvider();
        await using var member = new TestNode(_network, "member", "10.0.0.1", change: settings => settings with { NetworkKey = s_key }, time: time);
        await using var peer = new RawPeer(_network, "peer");
        await StartAsync(member, peer);
        var stream = await peer.OpenAsync(member, "/vpn/2.0.0");
        var before = time.Elapsed;
        var refused = AssertRefusedAsync(member, stream, "no hello within 10 s");

        await Eventually.TrueAsync(() =>
        {
            if (RefusedBy(member) == 0)
                time.Advance(TimeSpan.FromSeconds(0.5));
            return refused.IsCompleted;
        });

        await refused;
        Assert.True(time.Elapsed - before >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Acceptor_ThatSaysNothing_IsAFailureAfterItsTime()
    {
        var time = new ManualTimeProvider();
        await using var member = new TestNode(_network, "member", "10.0.0.1", change: settings => settings with { NetworkKey = s_key }, time: time);
        await using var peer = new RawPeer(_network, "peer", "/vpn/2.0.0");
        await StartAsync(member, peer);
        await peer.AcceptAsync();

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return ErrorOf(member) is not null;
        });

        Assert.Equal($"{peer.Peer} said no hello within 10 s.", ErrorOf(member));
    }

    [Fact]
    public async Task OriginalFormat_InANetworkWithAKey_IsNeitherOfferedNorTaken()
    {
        await using var member = Create("member", "10.0.0.1", s_key);
        await using var peer = new RawPeer(_network, "peer", "/vpn/1.0.0");
        await StartAsync(member, peer);

        var opened = await peer.TryOpenAsync(member, "/vpn/1.0.0");

        Assert.Equal(OpenStreamFailure.ProtocolNotSupported, opened.Failure);
        await Eventually.TrueAsync(() => ErrorOf(member) is not null);
    }

    [Fact]
    public async Task Ask_APeerWithoutASession_TellsItsHelloInEveryNetwork()
    {
        foreach (var key in new[] { s_key, null })
        {
            var network = new MemoryNetwork(TimeProvider.System);
            await using var one = new TestNode(network, "one", "10.0.0.1", change: settings => settings with { NetworkKey = key });
            await using var other = new TestNode(network, "other", "10.0.0.2", change: settings => settings with { NetworkKey = key });
            await one.StartAsync();
            await other.StartAsync();

            var answer = await one.Service.Run!.Opener.AskAsync(new PeerEndpoint(other.Peer, ["/memory/other"]), CancellationToken.None);

            Assert.Equal([other.Address], answer.Hello!.VirtualIps);
            await Eventually.TrueAsync(() => other.Service.GetMetrics().ActiveStreams == 0);
            Assert.Empty(other.Service.GetMetrics().StreamErrors);
        }
    }

    private sealed class RecordingPolicy : IResiliencePolicy
    {
        public ConcurrentQueue<(string? Error, bool IsPermanent)> Results { get; } = [];

        public async ValueTask<ResilienceResult<T>> ExecuteAsync<T, TState>(
            ResilienceKey key, Func<TState, CancellationToken, ValueTask<OperationResult<T>>> operation, TState state, CancellationToken cancellationToken)
        {
            var result = await operation(state, cancellationToken);
            if (!result.IsSuccess)
                Results.Enqueue((result.Error, result.IsPermanent));
            return new ResilienceResult<T>(result.IsSuccess ? ResilienceOutcome.Succeeded : ResilienceOutcome.Failed, result.Value, result.Error, 1);
        }

        public CircuitSnapshot GetCircuit(ResilienceKey key) => CircuitSnapshot.Closed;
    }

    private static NetworkKey NewKey() => NetworkKey.FromSecret(RandomNumberGenerator.GetBytes(NetworkKey.SecretLength));

    private static string? ErrorOf(TestNode node) => node.Service.GetSnapshot().Peers is [{ } peer] ? peer.LastError : null;

    private static long RefusedBy(TestNode node) => node.Service.GetMetrics().StreamErrors.GetValueOrDefault(Refused);

    private static async Task StartAsync(TestNode node, RawPeer peer)
    {
        await peer.ListenAsync();
        await node.StartAsync();
        node.Discovery.Tell(node.Mapping with { Peer = peer.Peer, Prefixes = [IpPrefix.Parse("10.0.0.2/32")], Addresses = [$"/memory/{peer.Name}"] });
        await Eventually.TrueAsync(() => node.Service.GetSnapshot().Peers.Count == 1);
    }

    private static async Task AssertRefusedAsync(TestNode member, IVpnStream stream, string why, int streamsLeft = 0)
    {
        var goodbye = await RawHello.ReadGoodbyeAsync(stream);
        Assert.Equal(GoodbyeReason.NotAllowed, goodbye.Reason);
        Assert.Contains(why, goodbye.Text, StringComparison.Ordinal);
        Assert.Equal(StreamEnd.Completed, await RawPeer.EndOfAsync(stream));
        Assert.True(RefusedBy(member) > 0);
        await Eventually.TrueAsync(() => member.Service.GetSnapshot().Peers[0].InboundStreams == streamsLeft);
        Assert.Equal(0, member.Service.GetMetrics().InboundDrops.Values.Sum());
    }

    private static async Task AssertNothingArrivesAsync(TestNode from, TestNode to)
    {
        var packet = from.Pool.Rent(1400);
        packet.Set(UdpPacket.Make(from.Address, to.Address, 1, 2, 5));
        var reason = await from.Service.DispatchAsync(packet, CancellationToken.None).WithinSafetyLimitAsync();
        Assert.Contains(reason, new[] { PacketDropReason.PeerUnreachable, PacketDropReason.StreamFailed, PacketDropReason.LostInFlight, PacketDropReason.None });
        Assert.Equal(0, to.Tun.Waiting);
    }

    private TestNode Create(string name, string address, NetworkKey? key) => new(_network, name, address, change: settings => settings with { NetworkKey = key });
}
