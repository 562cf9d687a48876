using Google.Protobuf;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Frames.Protos;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Tests.Frames;

public sealed class HelloCodecTests
{
    private static readonly Hello Example = new()
    {
        Mtu = 1400,
        VirtualIps = [VirtualIp.Parse("10.0.0.1"), VirtualIp.Parse("fd00::1")],
        Offloads = TunCapabilities.Checksum | TunCapabilities.UdpSegmentation,
        IsAutomatic = true,
        AgentVersion = "SubnetVpn.Modular/0.1.0",
    };

    [Fact]
    public void TryDecode_Encoded_IsTheSame()
    {
        Assert.True(HelloCodec.TryDecode(HelloCodec.Encode(Example), out var hello));

        Assert.Equal(Example.Mtu, hello.Mtu);
        Assert.Equal(Example.VirtualIps, hello.VirtualIps);
        Assert.Equal(Example.Offloads, hello.Offloads);
        Assert.True(hello.IsAutomatic);
        Assert.Equal(Example.AgentVersion, hello.AgentVersion);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void TryDecode_Proof_HasItsLengthOrNone(int length, bool expected)
    {
        var proof = Enumerable.Range(1, length).Select(static number => (byte)number).ToArray();

        Assert.Equal(expected, HelloCodec.TryDecode(HelloCodec.Encode(Example with { Proof = proof }), out var hello));

        if (expected)
            Assert.Equal(proof, hello!.Proof.ToArray());
    }

    [Fact]
    public void Encode_Example_IsStableOnTheWire()
    {
        var bytes = HelloCodec.Encode(new Hello { Mtu = 1400, VirtualIps = [VirtualIp.Parse("10.0.0.1")], Offloads = TunCapabilities.Checksum, AgentVersion = "a/1" });

        Assert.Equal("08F80A12040A00000118012203612F31", Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(575u, false)]
    [InlineData(576u, true)]
    [InlineData(65_535u, true)]
    [InlineData(65_536u, false)]
    [InlineData(uint.MaxValue, false)]
    public void TryDecode_Mtu_IsBounded(uint mtu, bool expected)
    {
        Assert.Equal(expected, Decode(message => message.Mtu = mtu, out _));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void TryDecode_VirtualIps_AreBounded(int count, bool expected)
    {
        Assert.Equal(expected, Decode(message =>
        {
            message.VirtualIps.Clear();
            for (var index = 0; index < count; index++)
                message.VirtualIps.Add(ByteString.CopyFrom(10, 0, 0, (byte)index));
        }, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(17)]
    public void TryDecode_AddressOfOtherLength_IsMalformed(int length)
    {
        Assert.False(Decode(message => message.VirtualIps.Add(ByteString.CopyFrom(new byte[length])), out _));
    }

    [Fact]
    public void TryDecode_MappedAddress_IsMalformed()
    {
        Assert.False(Decode(static message => message.VirtualIps.Add(ByteString.CopyFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1)), out _));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("agent/1.0 (linux) ~", true)]
    [InlineData("agent\n", false)]
    [InlineData("\u001b[2J", false)]
    [InlineData("\u202egnp", false)]
    [InlineData("agent\u007f", false)]
    public void TryDecode_AgentVersion_IsPrintable(string agent, bool expected)
    {
        Assert.Equal(expected, Decode(message => message.AgentVersion = agent, out _));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void TryDecode_AgentVersion_IsBounded(int length, bool expected)
    {
        Assert.Equal(expected, Decode(message => message.AgentVersion = new string('a', length), out _));
    }

    [Fact]
    public void TryDecode_OffloadsOfLaterVersion_AreLeftOut()
    {
        Assert.True(Decode(static message => message.Offloads = 0xFFFF_FFF2, out var hello));

        Assert.Equal(TunCapabilities.TcpV4Segmentation, hello!.Offloads);
    }

    [Fact]
    public void TryDecode_UnknownFields_AreSkipped()
    {
        // Field 100, a string of two bytes.
        byte[] bytes = [.. HelloCodec.Encode(Example), 0xA2, 0x06, 0x02, 0x61, 0x62];

        Assert.True(HelloCodec.TryDecode(bytes, out var hello));
        Assert.Equal(1400, hello.Mtu);
    }

    [Fact]
    public void TryDecode_LongerThanAllowed_IsMalformed()
    {
        byte[] unknown = [0xA2, 0x06, 0xFF, 0x1F, .. new byte[4095]];

        Assert.False(HelloCodec.TryDecode([.. HelloCodec.Encode(Example), .. unknown], out _));
    }

    [Fact]
    public void TryDecode_Empty_IsMalformed()
    {
        Assert.False(HelloCodec.TryDecode([], out _));
    }

    [Fact]
    public void TryDecode_Truncated_NeverThrows()
    {
        var bytes = HelloCodec.Encode(Example);
        for (var length = 0; length < bytes.Length; length++)
        {
            if (HelloCodec.TryDecode(bytes.AsSpan(0, length), out var hello))
                Assert.Equal(1400, hello.Mtu);
        }
    }

    [Fact]
    public void TryDecode_RandomAndMutatedBytes_NeverThrowsAndIsBounded()
    {
        var random = new Random(20240606);
        var valid = HelloCodec.Encode(Example);
        var accepted = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = round % 2 == 0 ? new byte[random.Next(60)] : (byte[])valid.Clone();
            if (round % 2 == 0)
                random.NextBytes(bytes);
            else
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!HelloCodec.TryDecode(bytes, out var hello))
                continue;
            accepted++;
            Assert.InRange(hello.Mtu, 576, 65_535);
            Assert.InRange(hello.VirtualIps.Count, 0, 16);
            Assert.InRange(hello.AgentVersion.Length, 0, 256);
        }
        Assert.InRange(accepted, 1000, 20_000);
    }

    private static bool Decode(Action<HelloMessage> change, out Hello? hello)
    {
        var message = HelloMessage.Parser.ParseFrom(HelloCodec.Encode(Example));
        change(message);
        return HelloCodec.TryDecode(message.ToByteArray(), out hello);
    }
}
