using System.Buffers.Binary;
using SubnetVpn.TestKit.Tun;
using SubnetVpn.Tun.Memory;
using static SubnetVpn.Plugins.Tests.TunMemory.MemoryTunSettings;

namespace SubnetVpn.Plugins.Tests.TunMemory;

public sealed class EchoTests
{
    private static readonly MemoryTunOptions s_options = new() { Echo = true };

    [Fact]
    public async Task Write_UdpToTheEchoPort_IsSentBack()
    {
        var request = TunPackets.Udp(Peer, Own, 5000, 7, "hello"u8);

        Assert.Equal(TunPackets.Udp(Own, Peer, 7, 5000, "hello"u8), await AnswerToAsync(request));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(1372)]
    public async Task Write_Ping_IsAnsweredWithAValidChecksum(int payload)
    {
        var request = IcmpPackets.Echo(Peer, Own, 8, payload);

        Assert.Equal(IcmpPackets.Echo(Own, Peer, 0, payload), await AnswerToAsync(request));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(57)]
    [InlineData(1352)]
    public async Task Write_PingOfIPv6_IsAnsweredWithAValidChecksum(int payload)
    {
        var request = IcmpPackets.EchoV6(Peer6, Own6, 128, payload);

        Assert.Equal(IcmpPackets.EchoV6(Own6, Peer6, 129, payload), await AnswerToAsync(request));
    }

    [Fact]
    public async Task Write_WhatAsksForNoEchoFromHere_GoesToTheHost()
    {
        var fragment = TunPackets.Udp(Peer, Own, 5000, 7, "part"u8);
        BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(6), 0x2000);
        byte[][] packets =
        [
            TunPackets.Udp(Peer, Own, 5000, 8, "other port"u8),
            TunPackets.Udp(Peer, VirtualIp.Parse("10.81.0.3"), 5000, 7, "other address"u8),
            TunPackets.Udp(Peer, Own, 7, 7, "would never end"u8),
            IcmpPackets.Echo(Peer, Own, 0, 8),
            fragment,
        ];
        await using var harness = await MemoryTunHarness.CreateAsync(Default(), s_options);
        var received = new byte[2000];

        foreach (var packet in packets)
        {
            Assert.Equal(1, await harness.Device.WriteAsync(new[] { BufferOf(packet) }, CancellationToken.None));
            Assert.Equal(packet, received[..harness.Receive(received)]);
        }
    }

    [Fact]
    public async Task Write_PingWithEchoOff_GoesToTheHost()
    {
        var packet = IcmpPackets.Echo(Peer, Own, 8, 8);
        await using var harness = await MemoryTunHarness.CreateAsync(Default());
        var received = new byte[2000];

        await harness.Device.WriteAsync(new[] { BufferOf(packet) }, CancellationToken.None);

        Assert.Equal(packet, received[..harness.Receive(received)]);
    }

    [Fact]
    public async Task Write_RandomBytes_NeverThrows()
    {
        var random = new Random(20240607);
        await using var harness = await MemoryTunHarness.CreateAsync(Default(), s_options);
        var bytes = new byte[100];

        for (var i = 0; i < 100_000; i++)
        {
            var length = random.Next(1, bytes.Length);
            random.NextBytes(bytes);
            bytes[0] = (byte)((i % 2 == 0 ? 0x40 : 0x60) | (bytes[0] & 0xF));
            await harness.Device.WriteAsync(new[] { BufferOf(bytes.AsSpan(0, length)) }, CancellationToken.None);
        }

        Assert.True(harness.Tun.Refused > 0);
    }

    private static async Task<byte[]> AnswerToAsync(byte[] request)
    {
        await using var harness = await MemoryTunHarness.CreateAsync(Default(), s_options);
        PacketBuffer[] batch = [new(PacketBuffer.MaxPacketLength)];

        Assert.Equal(1, await harness.Device.WriteAsync(new[] { BufferOf(request) }, CancellationToken.None));
        Assert.Equal(1, await harness.Device.ReadAsync(batch, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));

        return batch[0].Span.ToArray();
    }

    private static PacketBuffer BufferOf(ReadOnlySpan<byte> packet)
    {
        var buffer = new PacketBuffer(PacketBuffer.MaxPacketLength);
        buffer.Set(packet);
        return buffer;
    }
}
