using System.Buffers.Binary;
using SubnetVpn.Core.Frames;
using SubnetVpn.Streams;
using SubnetVpn.TestKit.Time;
using SubnetVpn.Transport.Memory;

namespace SubnetVpn.Core.Tests.Nodes;

/// <summary>What a node does with the fences of a peer: nothing of a stream is delivered once another stream has said that it ended.</summary>
public sealed class FenceTests : IAsyncLifetime
{
    private readonly TestNode _node;
    private readonly RawPeer _peer;

    public FenceTests()
    {
        var network = new MemoryNetwork(TimeProvider.System);
        _node = new TestNode(network, "node", "10.0.0.1");
        _peer = new RawPeer(network, "peer");
    }

    public async ValueTask InitializeAsync()
    {
        await _peer.ListenAsync();
        await _node.StartAsync();
        _node.Discovery.Tell(_node.Mapping with { Peer = _peer.Peer, Prefixes = [IpPrefix.Parse("10.0.0.2/32")], Addresses = ["/memory/peer"] });
        await Eventually.TrueAsync(() => _node.Service.GetSnapshot().Peers.Count == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _peer.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Fence_EndsTheStreamThatItNamesAndTellsHowManyPacketsWereRead()
    {
        var first = await OpenAsync(number: 5);
        var second = await OpenAsync(number: 6);
        await SendAsync(first, 1);
        await SendAsync(first, 2);
        Assert.Equal(1, await ReceiveAsync());
        Assert.Equal(2, await ReceiveAsync());

        await RawPeer.WriteAsync(second, Frame(FrameType.Fence, StreamAccount.EncodeFence(5)));
        await SendAsync(second, 3);

        Assert.Equal(3, await ReceiveAsync());
        Assert.Equal(new StreamAccount(5, 2), await AccountAsync(second));
        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(first));
    }

    [Fact]
    public async Task Fence_OfAStreamThatTheNodeNeverHeardOf_RefusesItWhenItComes()
    {
        var second = await OpenAsync(number: 6);
        await RawPeer.WriteAsync(second, Frame(FrameType.Fence, StreamAccount.EncodeFence(5)));
        Assert.Equal(new StreamAccount(5, null), await AccountAsync(second));

        var first = await OpenAsync(number: 5);
        await SendAsync(first, 1);
        await SendAsync(second, 2);

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(first));
        Assert.Equal(2, await ReceiveAsync());
        Assert.Equal(0, _node.Tun.Waiting);
    }

    [Fact]
    public async Task Fence_OfAStreamThatHasEnded_TellsItsCount()
    {
        var first = await OpenAsync(number: 5);
        await SendAsync(first, 1);
        Assert.Equal(1, await ReceiveAsync());
        first.Reset();
        var second = await OpenAsync(number: 6);

        await RawPeer.WriteAsync(second, Frame(FrameType.Fence, StreamAccount.EncodeFence(5)));

        Assert.Equal(new StreamAccount(5, 1), await AccountAsync(second));
    }

    [Fact]
    public async Task Fence_OfItsOwnStream_IsAnError()
    {
        var stream = await OpenAsync(number: 5);

        await RawPeer.WriteAsync(stream, Frame(FrameType.Fence, StreamAccount.EncodeFence(5)));

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(stream));
        await Eventually.TrueAsync(() => _node.Service.GetMetrics().StreamErrors.GetValueOrDefault("unexpected_frame") == 1);
    }

    [Fact]
    public async Task Fences_OfTwoStreamsThatNameEachOther_DoNotHoldUpTheNode()
    {
        var (first, second) = (await OpenAsync(number: 5), await OpenAsync(number: 6));

        await Task.WhenAll(
            RawPeer.WriteAsync(first, Frame(FrameType.Fence, StreamAccount.EncodeFence(6))),
            RawPeer.WriteAsync(second, Frame(FrameType.Fence, StreamAccount.EncodeFence(5))));

        var third = await OpenAsync(number: 7);
        await SendAsync(third, 9);
        Assert.Equal(9, await ReceiveAsync());
        await _node.Service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Goodbye_ThatCannotBeRead_IsAnError()
    {
        var stream = await OpenAsync(number: 5);

        await RawPeer.WriteAsync(stream, Frame(FrameType.Goodbye, [1, 0xFF]));

        Assert.Equal(StreamEnd.ResetByPeer, await RawPeer.EndOfAsync(stream));
        await Eventually.TrueAsync(() => _node.Service.GetMetrics().StreamErrors.GetValueOrDefault("malformed_goodbye") == 1);
    }

    private async Task<IVpnStream> OpenAsync(ulong number)
    {
        var stream = await _peer.OpenAsync(_node, "/vpn/2.0.0");
        await RawPeer.WriteAsync(stream, Frame(FrameType.Hello, HelloCodec.Encode(new Hello { Mtu = 1400, Number = number })));
        return stream;
    }

    private Task SendAsync(IVpnStream stream, int number) =>
        RawPeer.WriteAsync(stream, Frame(FrameType.Packet, UdpPacket.Make(VirtualIp.Parse("10.0.0.2"), _node.Address, 1, 2, number)));

    private async Task<int> ReceiveAsync() => UdpPacket.NumberOf((await _node.Tun.ReceiveAsync()).Packet);

    // After the node's hello.
    private static async Task<StreamAccount> AccountAsync(IVpnStream stream)
    {
        while (true)
        {
            var header = await RawPeer.ReadAsync(stream, FrameFormat.HeaderSize);
            var body = await RawPeer.ReadAsync(stream, BinaryPrimitives.ReadInt32BigEndian(header) - 1);
            if (header[4] == (byte)FrameType.Account)
                return StreamAccount.Decode(body);
            Assert.Equal((byte)FrameType.Hello, header[4]);
        }
    }

    private static byte[] Frame(FrameType type, byte[] body) => ControlFrames.Make(type, body);
}
