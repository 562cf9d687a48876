using SubnetVpn.Core.Packets;

namespace SubnetVpn.Core.Tests.Packets;

public sealed class IpPacketFuzzTests
{
    [Fact]
    public void TryParse_RandomBytes_NeverThrowsAndStaysInside()
    {
        var random = new Random(20240601);
        var parsed = 0;
        for (var round = 0; round < 300_000; round++)
        {
            var packet = new byte[random.Next(0, 120)];
            random.NextBytes(packet);
            // Half of them get a plausible start, or hardly one would get past the lengths.
            if (packet.Length >= 40 && random.Next(2) == 0)
                MakePlausible(packet, random);
            parsed += Check(packet) ? 1 : 0;
        }

        Assert.InRange(parsed, 1000, 300_000);
    }

    [Fact]
    public void TryParse_MutatedPackets_NeverThrowsAndStaysInside()
    {
        var random = new Random(20240602);
        foreach (var packet in TestPackets.Valid)
        {
            Assert.True(Check(packet));
            for (var round = 0; round < 20_000; round++)
            {
                var mutated = (byte[])packet.Clone();
                for (var count = random.Next(1, 5); count > 0; count--)
                    mutated[random.Next(Math.Min(mutated.Length, 100))] = (byte)random.Next(256);
                Check(mutated);
            }
        }
    }

    [Fact]
    public void TryParse_EveryValueOfEveryHeaderByte_NeverThrowsAndStaysInside()
    {
        foreach (var packet in TestPackets.Valid)
        {
            for (var index = 0; index < packet.Length; index++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var mutated = (byte[])packet.Clone();
                    mutated[index] = (byte)value;
                    Check(mutated);
                }
            }
        }
    }

    [Fact]
    public void TryParse_ManyPackets_AllocatesNothing()
    {
        Assert.All(TestPackets.Valid, static packet => Assert.True(IpPacket.TryParse(packet, out _)));

        Allocations.AssertNone(static () =>
        {
            for (var index = 0; index < TestPackets.Valid.Count; index++)
                _ = IpPacket.TryParse(TestPackets.Valid[index], out _);
        });
    }

    private static bool Check(byte[] packet)
    {
        if (!IpPacket.TryParse(packet, out var info))
        {
            Assert.Equal(default, info.Key);
            return false;
        }
        Assert.InRange(info.TransportOffset, 20, packet.Length);
        Assert.InRange(info.TransportOffset + info.TransportHeaderLength, 20, packet.Length);
        Assert.InRange(info.FragmentOffset, 0, 65_528);
        Assert.Equal(info.Source.IsIPv4, packet[0] >> 4 == 4);
        Assert.Equal(info.Source.IsIPv4, info.Destination.IsIPv4);
        Assert.Equal(info.IsFragment, info.Key.IsFragment);
        if (info.HasPorts)
        {
            Assert.Equal((packet[info.TransportOffset] << 8) | packet[info.TransportOffset + 1], info.SourcePort);
            Assert.Equal((packet[info.TransportOffset + 2] << 8) | packet[info.TransportOffset + 3], info.DestinationPort);
        }
        if (info.IsFragment || !info.HasPorts)
            Assert.False(info.Key.HasPorts);
        else
            Assert.Equal((info.SourcePort, info.DestinationPort), (info.Key.SourcePort, info.Key.DestinationPort));
        return true;
    }

    private static void MakePlausible(byte[] packet, Random random)
    {
        if (random.Next(2) == 0)
        {
            packet[0] = (byte)(0x40 | random.Next(4, 8));
            (packet[2], packet[3]) = ((byte)(packet.Length >> 8), (byte)packet.Length);
            return;
        }
        packet[0] = 0x60;
        (packet[4], packet[5]) = (0, (byte)(packet.Length - 40));
        byte[] headers = [0, 6, 17, 43, 44, 50, 51, 59, 60];
        packet[6] = headers[random.Next(headers.Length)];
        for (var offset = 40; offset + 8 <= packet.Length; offset += 8)
            (packet[offset], packet[offset + 1], packet[offset + 3]) = (headers[random.Next(headers.Length)], (byte)random.Next(3), (byte)random.Next(2));
    }
}
