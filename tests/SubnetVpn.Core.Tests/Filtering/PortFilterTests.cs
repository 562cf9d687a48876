using SubnetVpn.Core.Filtering;
using SubnetVpn.Core.Packets;
using SubnetVpn.Core.Tests.Packets;

namespace SubnetVpn.Core.Tests.Filtering;

public sealed class PortFilterTests
{
    private static readonly PortFilter Filter = new(new HashSet<ushort> { 22, 3306 });

    public static TheoryData<bool, byte> FamiliesAndProtocols()
    {
        var data = new TheoryData<bool, byte>();
        foreach (var isIPv4 in new[] { true, false })
        {
            foreach (byte protocol in new byte[] { 6, 17, 33, 132, 136 })
                data.Add(isIPv4, protocol);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(FamiliesAndProtocols))]
    public void IsAllowed_DestinationPort_IsChecked(bool isIPv4, byte protocol)
    {
        Assert.False(IsAllowed(Packet(isIPv4, protocol, 50_000, 22)));
        Assert.False(IsAllowed(Packet(isIPv4, protocol, 22, 3306)));
        Assert.True(IsAllowed(Packet(isIPv4, protocol, 50_000, 23)));
        Assert.True(IsAllowed(Packet(isIPv4, protocol, 22, 50_000)));
    }

    [Theory]
    [MemberData(nameof(FamiliesAndProtocols))]
    public void IsAllowed_CutOffBeforePorts_IsRefused(bool isIPv4, byte protocol)
    {
        for (var length = 0; length < 4; length++)
            Assert.False(IsAllowed(isIPv4 ? TestPackets.IPv4(protocol, new byte[length]) : TestPackets.IPv6(protocol, new byte[length])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(50)]
    [InlineData(58)]
    public void IsAllowed_ProtocolWithoutPorts_IsAllowed(byte protocol)
    {
        byte[] looksLikePort22 = [0, 22, 0, 22, 0, 0, 0, 0];

        Assert.True(IsAllowed(TestPackets.IPv4(protocol, looksLikePort22)));
        Assert.True(IsAllowed(TestPackets.IPv6(protocol, looksLikePort22)));
        Assert.True(IsAllowed(TestPackets.IPv4(protocol, looksLikePort22, more: true)));
        Assert.True(IsAllowed(TestPackets.IPv4(protocol, looksLikePort22, fragmentOffset: 8)));
    }

    [Fact]
    public void IsAllowed_BehindOptionsAndExtensionHeaders_IsChecked()
    {
        var udp = TestPackets.Udp(50_000, 22);

        Assert.False(IsAllowed(TestPackets.IPv4(17, udp, options: [1, 1, 1, 1])));
        Assert.False(IsAllowed(TestPackets.IPv6(17, udp, extensions:
        [
            ExtensionHeader.HopByHop(), ExtensionHeader.DestinationOptions(3), ExtensionHeader.Routing(), ExtensionHeader.Authentication(),
        ])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IsAllowed_FirstFragment_IsChecked(bool isIPv4)
    {
        Assert.False(IsAllowed(Fragment(isIPv4, 0, TestPackets.Tcp(50_000, 22))));
        Assert.True(IsAllowed(Fragment(isIPv4, 0, TestPackets.Tcp(50_000, 80))));
        Assert.False(IsAllowed(Fragment(isIPv4, 0, [0, 80, 0])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IsAllowed_LaterFragment_MustNotReachTheTransportHeader(bool isIPv4)
    {
        Assert.False(IsAllowed(Fragment(isIPv4, 8, new byte[16])));
        Assert.True(IsAllowed(Fragment(isIPv4, 16, new byte[16])));
        Assert.True(IsAllowed(Fragment(isIPv4, 1480, new byte[16])));
    }

    [Fact]
    public void IsAllowed_FragmentedExtensionHeader_IsRefused()
    {
        // In a later fragment nobody knows how long the headers in front of the ports are.
        Assert.False(IsAllowed(TestPackets.IPv6(17, TestPackets.Udp(50_000, 80), extensions: [ExtensionHeader.Fragment(0, more: true), ExtensionHeader.DestinationOptions()])));
        foreach (byte protocol in new byte[] { 0, 43, 51, 60, 135, 139, 140 })
            Assert.False(IsAllowed(TestPackets.IPv6(protocol, new byte[64], extensions: ExtensionHeader.Fragment(1024, more: true))));
    }

    [Fact]
    public void IsAllowed_EmptyFilter_AllowsEverythingThatParses()
    {
        var filter = new PortFilter(new HashSet<ushort>());

        Assert.True(filter.IsEmpty);
        Assert.False(Filter.IsEmpty);
        foreach (var packet in TestPackets.Valid)
        {
            Assert.True(IpPacket.TryParse(packet, out var info));
            Assert.True(filter.IsAllowed(info));
        }
        Assert.True(IpPacket.TryParse(Fragment(true, 8, new byte[16]), out var tiny));
        Assert.True(filter.IsAllowed(tiny));
    }

    [Fact]
    public void IsAllowed_EveryPort_IsAsTheSetSays()
    {
        var random = new Random(5);
        var unallowed = Enumerable.Range(0, 3000).Select(_ => (ushort)random.Next(65_536)).Append(ushort.MinValue).Append(ushort.MaxValue).ToHashSet();
        var filter = new PortFilter(unallowed);
        for (var port = 0; port <= ushort.MaxValue; port++)
            Assert.Equal(!unallowed.Contains((ushort)port), filter.IsAllowed(new PacketInfo { Protocol = 6, HasPorts = true, DestinationPort = (ushort)port }));
    }

    /// <summary>
    /// A receiver that puts fragments together in the worst way, the last one wins, never gets a header with a refused port
    /// from fragments that were allowed.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IsAllowed_RandomFragments_NeverReassembleToRefusedPort(bool isIPv4)
    {
        var random = new Random(20240604);
        var complete = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var datagram = new byte[64];
            var hasFirst = false;
            for (var count = 0; count < 6; count++)
            {
                var offset = random.Next(0, 5) * 8;
                // Port 22 wherever a port could come to stand; some of the parts have another one.
                var part = new byte[random.Next(1, 25)];
                for (var index = 1; index < part.Length; index += 2)
                    part[index] = 22;
                if (part.Length > 3 && random.Next(2) == 0)
                    part[3] = 80;
                if (!IsAllowed(Fragment(isIPv4, offset, part)))
                    continue;
                part.CopyTo(datagram, offset);
                hasFirst |= offset == 0;
            }
            if (!hasFirst)
                continue;
            complete++;
            Assert.Equal(80, (datagram[2] << 8) | datagram[3]);
        }
        Assert.InRange(complete, 1000, 20_000);
    }

    [Fact]
    public void IsAllowed_ManyPackets_AllocatesNothing()
    {
        var infos = TestPackets.Valid.Select(static packet => IpPacket.TryParse(packet, out var info) ? info : default).ToArray();
        var addresses = new AddressFilter([IpPrefix.Parse("10.0.0.0/24")]);

        Allocations.AssertNone(() =>
        {
            foreach (ref readonly var info in infos.AsSpan())
            {
                Filter.IsAllowed(info);
                addresses.IsUnicast(info.Destination);
            }
        });
    }

    private static bool IsAllowed(byte[] packet)
    {
        Assert.True(IpPacket.TryParse(packet, out var info));
        return Filter.IsAllowed(info);
    }

    private static byte[] Packet(bool isIPv4, byte protocol, ushort source, ushort destination)
    {
        var transport = TestPackets.Tcp(source, destination);
        return isIPv4 ? TestPackets.IPv4(protocol, transport) : TestPackets.IPv6(protocol, transport);
    }

    private static byte[] Fragment(bool isIPv4, int offset, byte[] part) => isIPv4
        ? TestPackets.IPv4(6, part, fragmentOffset: offset, more: true)
        : TestPackets.IPv6(6, part, extensions: ExtensionHeader.Fragment(offset, more: true));
}
