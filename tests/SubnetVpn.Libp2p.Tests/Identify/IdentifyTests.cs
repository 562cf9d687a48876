using SubnetVpn.Libp2p.Addresses;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Encoding;
using SubnetVpn.Libp2p.Hosting;
using SubnetVpn.Libp2p.Identify;
using SubnetVpn.Libp2p.Keys;
using SubnetVpn.Libp2p.Tests.Hosting;
using SubnetVpn.TestKit.Time;

namespace SubnetVpn.Libp2p.Tests.Identify;

public class IdentifyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_BothSides_LearnWhoTheOtherIs()
    {
        await using HostPair pair = await HostPair.StartAsync(static options => options.AgentVersion = "test/1.2.3");
        using IDisposable handling = pair.Server.Handle(HostPair.Protocol, StreamPump.EchoAsync);
        Assert.NotNull((await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection);

        PeerInfo server = await InfoAsync(pair.Client, pair.Server.PeerId);
        PeerInfo client = await InfoAsync(pair.Server, pair.Client.PeerId);

        Assert.Equal("test/1.2.3", server.AgentVersion);
        Assert.Equal("ipfs/0.1.0", server.ProtocolVersion);
        Assert.Equal(["/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0", HostPair.Protocol], server.Protocols.Order(StringComparer.Ordinal));
        Assert.Equal(pair.ServerAddresses, server.ListenAddresses);
        Assert.Empty(client.ListenAddresses);
        Assert.Equal(pair.ServerAddresses[0], client.ObservedAddress);
        Assert.Equal(pair.Server.Connections[0].RemoteAddress, server.ObservedAddress);
    }

    [Fact]
    public async Task Handle_WhileConnected_IsPushedToThePeer()
    {
        await using HostPair pair = await HostPair.StartAsync();
        Assert.NotNull((await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection);
        await InfoAsync(pair.Client, pair.Server.PeerId);
        await InfoAsync(pair.Server, pair.Client.PeerId);

        IDisposable handling = pair.Server.Handle("/new/1.0.0", StreamPump.EchoAsync);
        await Eventually.TrueAsync(() => pair.Client.TryGetPeerInfo(pair.Server.PeerId, out PeerInfo? info) && info.Protocols.Contains("/new/1.0.0"));
        handling.Dispose();
        await Eventually.TrueAsync(() => pair.Client.TryGetPeerInfo(pair.Server.PeerId, out PeerInfo? info) && !info.Protocols.Contains("/new/1.0.0"));
    }

    [Fact]
    public async Task Disconnect_Peer_ItsInfoGoes()
    {
        await using HostPair pair = await HostPair.StartAsync();
        Assert.NotNull((await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection);
        await InfoAsync(pair.Client, pair.Server.PeerId);

        await pair.Client.ClosePeerAsync(pair.Server.PeerId);

        Assert.False(pair.Client.TryGetPeerInfo(pair.Server.PeerId, out _));
    }

    [Fact]
    public async Task Push_MalformedTooLargeOrOfAnotherKey_ChangesNothing()
    {
        await using HostPair pair = await HostPair.StartAsync();
        Assert.NotNull((await pair.Client.ConnectAsync(pair.Server.PeerId, pair.ServerAddresses, 0, Token)).Connection);
        PeerInfo before = await InfoAsync(pair.Server, pair.Client.PeerId);
        byte[] ofAnother = IdentifyMessage.Write(new TestIdentity().PublicKey, [], ["/stolen"], null, "x", "stolen");
        byte[][] bad =
        [
            ofAnother,
            [5, 255, 255, 255, 255, 255],
            [0xFF, 0xFF, 0x03],
            [10, 1, 2],
            [.. Enumerable.Repeat<byte>(0xFF, 20)],
        ];

        foreach (byte[] message in bad)
        {
            using Libp2pStream stream = await pair.OpenAsync(0, "/ipfs/id/push/1.0.0");
            await stream.WriteAsync(message, Token);
            await stream.CloseWriteAsync(Token);
            await stream.ReadAsync(new byte[10], Token);
        }

        Assert.True(pair.Server.TryGetPeerInfo(pair.Client.PeerId, out PeerInfo? after));
        Assert.Equal(before.AgentVersion, after.AgentVersion);
        Assert.Equal(before.Protocols, after.Protocols);
    }

    [Fact]
    public void Write_MoreThanFits_StaysWithin4KiB()
    {
        var identity = new TestIdentity();
        IEnumerable<Multiaddr> addresses = Enumerable.Range(0, 500).Select(index => Multiaddr.Parse($"/ip6/2001:db8::{index:x}/tcp/4001"));
        IEnumerable<string> protocols = Enumerable.Range(0, 300).Select(index => $"/a/rather/long/protocol/name/{index}");

        byte[] message = IdentifyMessage.Write(identity.PublicKey, addresses, protocols, null, "p", new string('a', 1000));

        Assert.InRange(message.Length, 3000, IdentifyConstants.MaxSentBytes);
        Assert.True(Uvarint.TryRead(message, out ulong length, out int prefix));
        Assert.Equal(message.Length - prefix, (int)length);
        Assert.True(IdentifyMessage.TryMerge(message.AsSpan(prefix), Empty(identity.PeerId), out PeerInfo info));
        Assert.NotEmpty(info.Protocols);
        Assert.NotEmpty(info.ListenAddresses);
        Assert.Equal(IdentifyConstants.MaxVersionLength, info.AgentVersion.Length);
    }

    [Fact]
    public void TryMerge_RandomAndMutated_NeverThrowsAndStaysBounded()
    {
        var identity = new TestIdentity();
        byte[] valid = IdentifyMessage.Write(identity.PublicKey, [Multiaddr.Parse("/ip4/1.2.3.4/tcp/5")], ["/a", "/b"], null, "p", "a")[2..];
        foreach (byte[] bytes in RandomBytes.Noise(81, 3000, 300).Concat(RandomBytes.Mutations(82, 3000, valid)))
        {
            IdentifyMessage.TryMerge(bytes, Empty(identity.PeerId), out PeerInfo info);
            Assert.Equal(identity.PeerId, info.Peer);
            Assert.InRange(info.ListenAddresses.Count, 0, IdentifyConstants.MaxAddresses);
        }
    }

    [Fact]
    public void TryMerge_MissingFields_StayAsTheyWere()
    {
        PeerId peer = new TestIdentity().PeerId;
        PeerInfo known = Empty(peer) with { AgentVersion = "old", Protocols = ["/kept"] };
        var update = new Protos.Identify { AgentVersion = "new" };

        Assert.True(IdentifyMessage.TryMerge(Google.Protobuf.MessageExtensions.ToByteArray(update), known, out PeerInfo merged));

        Assert.Equal("new", merged.AgentVersion);
        Assert.Equal(["/kept"], merged.Protocols);
    }

    private static PeerInfo Empty(PeerId peer) => new(peer, string.Empty, string.Empty, [], [], null);

    private static async Task<PeerInfo> InfoAsync(Libp2pHost host, PeerId peer)
    {
        PeerInfo? info = null;
        await Eventually.TrueAsync(() => host.TryGetPeerInfo(peer, out info));
        return info!;
    }
}
