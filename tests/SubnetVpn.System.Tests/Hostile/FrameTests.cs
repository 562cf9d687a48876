using System.Net;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.System.Tests.Hostile;

/// <summary>A known peer sends what it must not. Each is counted under its reason, and hurts nobody else.</summary>
public sealed class FrameTests(AttackedNodes nodes) : IClassFixture<AttackedNodes>
{
    private const byte Hello = 0, PacketFrame = 1, OffloadFrame = 2;
    private static readonly IPAddress _theirs = IPAddress.Parse("10.77.0.3");

    // Bytes of a length field that no frame may have, with a type where it matters.
    public static TheoryData<string, string, string> WrongFrames => new()
    {
        { "length 0", HostilePeer.Current, "00000000" + "01" },
        { "length of 2 GiB", HostilePeer.Current, "7fffffff" + "01" },
        { "length with the sign bit", HostilePeer.Current, "ffffffff" + "01" },
        { "packet longer than the MTU", HostilePeer.Current, "00000800" + "01" },
        { "offload packet shorter than its header", HostilePeer.Current, "00000005" + "02" + "00000000" },
        { "ping of 9 bytes", HostilePeer.Current, "0000000a" + "03" + "000000000000000000" },
        { "original: length 0", HostilePeer.Original, "00000000" },
        { "original: longer than the MTU", HostilePeer.Original, "00000800" },
    };

    [Theory]
    [MemberData(nameof(WrongFrames))]
    public async Task Frame_WrongLength_ResetsTheStreamAndIsCounted(string what, string protocol, string hex)
    {
        Requirements.Namespaces();
        await nodes.AssertHoldsAsync("invalid_length", async () =>
        {
            using var stream = await nodes.Peer.OpenAsync(nodes.Target, nodes.Relay, protocol);
            await HostilePeer.SendAsync(stream, [.. Greeting(protocol), Convert.FromHexString(hex)]);
            Assert.True(await HostilePeer.ReadToEndAsync(stream) == StreamEnd.ResetByPeer, what);
        });
    }

    [Theory]
    [InlineData(HostilePeer.Current, "00000065" + "01" + "4500")]
    [InlineData(HostilePeer.Current, "0000")]
    [InlineData(HostilePeer.Original, "00000064" + "4500")]
    public async Task Frame_Truncated_ResetsTheStreamAndIsCounted(string protocol, string hex)
    {
        Requirements.Namespaces();
        await nodes.AssertHoldsAsync("truncated", async () =>
        {
            using var stream = await nodes.Peer.OpenAsync(nodes.Target, nodes.Relay, protocol);
            await HostilePeer.SendAsync(stream, [.. Greeting(protocol), Convert.FromHexString(hex)]);
            await stream.CloseWriteAsync(TestContext.Current.CancellationToken);
            Assert.Equal(StreamEnd.ResetByPeer, await HostilePeer.ReadToEndAsync(stream));
        });
    }

    // flags, GSO type, header length, GSO size, checksum start, checksum offset; multi-byte fields little-endian.
    public static TheoryData<string, string> WrongOffloads => new()
    {
        { "unknown GSO type", "01" + "77" + "1c00" + "e803" + "1400" + "0600" },
        { "TCP over a UDP packet", "01" + "01" + "2800" + "e803" + "1400" + "1000" },
        { "no segment size", "01" + "05" + "1c00" + "0000" + "1400" + "0600" },
        { "checksum outside the packet", "01" + "00" + "0000" + "0000" + "f0ff" + "0600" },
        { "checksum over the addresses", "01" + "00" + "0000" + "0000" + "0000" + "0c00" },
        { "unknown flags", "fc" + "00" + "0000" + "0000" + "1400" + "0600" },
    };

    [Theory]
    [MemberData(nameof(WrongOffloads))]
    public async Task OffloadPacket_InvalidHeader_ResetsTheStreamAndIsCounted(string what, string header)
    {
        Requirements.Namespaces();
        await nodes.AssertHoldsAsync("invalid_offload", async () =>
        {
            using var stream = await nodes.Peer.OpenAsync(nodes.Target, nodes.Relay, HostilePeer.Current);
            byte[] body = [.. Convert.FromHexString(header), .. Packet.Udp(_theirs, nodes.Target.VirtualIp, payload: 3000)];
            await HostilePeer.SendAsync(stream, [.. Greeting(HostilePeer.Current), HostilePeer.Frame(OffloadFrame, body)]);
            Assert.True(await HostilePeer.ReadToEndAsync(stream) == StreamEnd.ResetByPeer, what);
        });
    }

    // Packets that are dropped one by one; the stream goes on.
    public static TheoryData<string, string, byte[]> WrongPackets
    {
        get
        {
            IPAddress target = IPAddress.Parse("10.77.0.1"), friend = IPAddress.Parse("10.77.0.2");
            return new()
            {
                { "the address of another peer", "spoofed_source", Packet.Udp(friend, target) },
                { "the target's own address", "spoofed_source", Packet.Udp(target, target) },
                { "an address of nobody", "spoofed_source", Packet.Udp(IPAddress.Parse("203.0.113.7"), target) },
                { "for another peer", "destination_not_ours", Packet.Udp(_theirs, friend) },
                { "for the internet", "destination_not_ours", Packet.Udp(_theirs, IPAddress.Parse("203.0.113.7")) },
                { "to a port that is not allowed", "port_not_allowed", Packet.Udp(_theirs, target, port: 2222) },
                { "no IP packet", "malformed", [0xF5, 1, 2, 3] },
                { "cut short", "malformed", Packet.Udp(_theirs, target)[..30] },
            };
        }
    }

    [Theory]
    [MemberData(nameof(WrongPackets))]
    public async Task Packet_NotAllowed_IsDroppedAndCounted(string what, string reason, byte[] packet)
    {
        Requirements.Namespaces();
        await nodes.AssertHoldsAsync(reason, async () =>
        {
            using var stream = await nodes.Peer.OpenAsync(nodes.Target, nodes.Relay, HostilePeer.Current);
            await HostilePeer.SendAsync(stream, [.. Greeting(HostilePeer.Current), .. Enumerable.Repeat(HostilePeer.Frame(PacketFrame, packet), 100)]);

            // The node answers a ping on the same stream: it lives, and all before it was read.
            await HostilePeer.SendAsync(stream, HostilePeer.Frame(3, 1, 2, 3, 4, 5, 6, 7, 8));
            await ExpectPongAsync(stream, what);
            await stream.CloseWriteAsync(TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task Stream_UnknownFrameType_IsSkipped()
    {
        Requirements.Namespaces();
        using var stream = await nodes.Peer.OpenAsync(nodes.Target, nodes.Relay, HostilePeer.Current);

        await HostilePeer.SendAsync(
            stream, [.. Greeting(HostilePeer.Current), HostilePeer.Frame(200, new byte[50_000]), HostilePeer.Frame(3, 1, 2, 3, 4, 5, 6, 7, 8)]);

        await ExpectPongAsync(stream, "after an unknown frame");
    }

    private static byte[][] Greeting(string protocol) =>
        protocol == HostilePeer.Current ? [HostilePeer.Frame(Hello, 0x08, 0xF8, 0x0A)] : []; // Protobuf: field 1, MTU 1400.

    private static async Task ExpectPongAsync(Libp2pStream stream, string what)
    {
        var pong = HostilePeer.Frame(4, 1, 2, 3, 4, 5, 6, 7, 8);
        var received = new List<byte>();
        var buffer = new byte[4096];
        while (received.Count < pong.Length || !received[^pong.Length..].SequenceEqual(pong))
        {
            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(read.Count > 0, $"{what}: {read.End}");
            received.AddRange(buffer.AsSpan(0, read.Count));
        }
    }
}
