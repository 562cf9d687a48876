using System.Text;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Discovery.Mdns.Dns;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

public sealed class DnsMessageTests
{
    private static readonly DnsName s_instance = MdnsProtocol.Service.Prepend("abc");

    // The query of libp2p's specification (discovery/mdns.md) in the format of RFC 1035, 4.1.
    private static readonly byte[] s_query =
        [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, .. "_p2p"u8, 4, .. "_udp"u8, 5, .. "local"u8, 0, 0, 12, 0, 1];

    [Fact]
    public void Write_Query_IsTheSpecifications()
    {
        var packet = DnsMessageWriter.Write(new DnsMessage { IsResponse = false, Questions = [new DnsQuestion(MdnsProtocol.Service, DnsType.Ptr)] });

        Assert.Equal(s_query, packet);
    }

    [Fact]
    public void Read_QueryForAUnicastResponse_IsAQuestionLikeAnyOther()
    {
        byte[] packet = [.. s_query[..^2], 0x80, 1];

        Assert.True(DnsMessageReader.TryRead(packet, out var message));

        Assert.False(message.IsResponse);
        Assert.Equal([new DnsQuestion(DnsName.Parse("_P2P._udp.LOCAL"), DnsType.Ptr)], message.Questions);
    }

    [Fact]
    public void Write_Response_ReadsBackTheSame()
    {
        var packet = DnsMessageWriter.Write(Response());

        Assert.True(DnsMessageReader.TryRead(packet, out var message));
        Assert.True(message.IsResponse);
        var pointer = Assert.Single(message.Answers);
        Assert.Equal((MdnsProtocol.Service, s_instance, 120u, false), (pointer.Name, pointer.Target, pointer.Ttl, pointer.IsUnique));
        var texts = Assert.Single(message.Additionals);
        Assert.Equal((s_instance, 120u, true), (texts.Name, texts.Ttl, texts.IsUnique));
        Assert.Equal(["dnsaddr=/one", "subnetvpn=default;10.0.0.2"], texts.Texts.Select(Encoding.UTF8.GetString));
    }

    [Fact]
    public void Write_NamesThatRepeat_AreCompressed()
    {
        var packet = DnsMessageWriter.Write(Response());

        Assert.Equal(1, Count(packet, "_p2p"u8));
        Assert.Equal(1, Count(packet, "abc"u8));
    }

    [Fact]
    public void Read_OtherTypesAndClasses_AreLeftOut()
    {
        // An A record, and a TXT record of the class CH.
        byte[] packet =
        [
            0, 0, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0,
            1, (byte)'a', 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4,
            1, (byte)'a', 0, 0, 16, 0, 3, 0, 0, 0, 9, 0, 2, 1, (byte)'x',
        ];

        Assert.True(DnsMessageReader.TryRead(packet, out var message));

        Assert.Empty(message.Answers);
    }

    [Theory]
    [InlineData(new byte[] { 0xc0, 12 })] // points to itself
    [InlineData(new byte[] { 0xc0, 14, 0xc0, 12 })] // forwards
    [InlineData(new byte[] { 1, 97, 0xc0, 12 })] // points to its own beginning
    [InlineData(new byte[] { 0xc0 })]
    [InlineData(new byte[] { 5, 97 })]
    [InlineData(new byte[] { 0x40, 0 })] // reserved
    [InlineData(new byte[] { 1, 97 })] // no end
    public void Read_NameIsBroken_Fails(byte[] name)
    {
        byte[] packet = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name, 0, 12, 0, 1];

        Assert.False(DnsMessageReader.TryRead(packet.AsSpan(0, 12 + name.Length), out _));
        if (name[^1] != 97)
            Assert.False(DnsMessageReader.TryRead(packet, out _));
    }

    [Fact]
    public void Read_NameOverItsLimit_Fails()
    {
        byte[] label = [63, .. Enumerable.Repeat((byte)'a', 63)];
        byte[] header = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];

        Assert.True(DnsMessageReader.TryRead([.. header, .. label, .. label, .. label, 61, .. label[1..62], 0, 0, 12, 0, 1], out _));
        Assert.False(DnsMessageReader.TryRead([.. header, .. label, .. label, .. label, 62, .. label[1..63], 0, 0, 12, 0, 1], out _));
    }

    [Fact]
    public void Read_ManyPointersInAChain_Fails()
    {
        // Each points to the one before it.
        var chain = Enumerable.Range(0, 100).SelectMany(static i => i == 0 ? new byte[] { 0, 0 } : [0xc0, (byte)(12 + (2 * (i - 1)))]);
        byte[] packet = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, .. chain];

        var reader = new DnsReader(packet, 12 + (2 * 99));

        Assert.False(reader.TryReadName(out _));
        Assert.True(new DnsReader(packet, 12 + (2 * 10)).TryReadName(out _));
    }

    [Fact]
    public void Read_MoreRecordsThanThereAre_Fails() =>
        Assert.False(DnsMessageReader.TryRead([0, 0, 0x84, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0], out _));

    [Fact]
    public void Read_EveryPrefixOfAResponse_FailsAndDoesNotThrow()
    {
        var packet = DnsMessageWriter.Write(Response());

        Assert.All(Enumerable.Range(0, packet.Length), length => Assert.False(DnsMessageReader.TryRead(packet.AsSpan(0, length), out _)));
    }

    [Fact]
    public void Read_RandomAndMutated_NeverThrowsAndReadsBackWhatItReads()
    {
        var random = new Random(7);
        var valid = DnsMessageWriter.Write(Response());
        var readable = 0;
        for (var round = 0; round < 50_000; round++)
        {
            var packet = round % 2 == 0 ? valid.ToArray() : new byte[random.Next(80)];
            if (round % 2 == 1)
                random.NextBytes(packet);
            for (var flips = random.Next(4); flips > 0 && packet.Length > 0; flips--)
                packet[random.Next(packet.Length)] = (byte)random.Next(256);

            if (!DnsMessageReader.TryRead(packet, out var message))
                continue;
            readable++;
            Assert.True(DnsMessageReader.TryRead(DnsMessageWriter.Write(message), out var again));
            Assert.Equal(message.Questions, again.Questions);
            Assert.Equal(message.Answers.Select(Describe), again.Answers.Select(Describe));
            Assert.Equal(message.Additionals.Select(Describe), again.Additionals.Select(Describe));
        }
        Assert.InRange(readable, 5_000, 50_000);
    }

    [Fact]
    public void IsChildOf_Names_GoesByLabels()
    {
        Assert.True(s_instance.IsChildOf(MdnsProtocol.Service));
        Assert.True(DnsName.Parse("x._P2P._udp.local").IsChildOf(MdnsProtocol.Service));
        Assert.False(MdnsProtocol.Service.IsChildOf(MdnsProtocol.Service));
        Assert.False(s_instance.Prepend("deeper").IsChildOf(MdnsProtocol.Service));
        Assert.NotEqual(new DnsName("a.b", "c"), new DnsName("a", "b.c"));
    }

    private static DnsMessage Response() => new()
    {
        IsResponse = true,
        Answers = [DnsRecord.Ptr(MdnsProtocol.Service, 120, s_instance)],
        Additionals = [DnsRecord.Txt(s_instance, 120, ["dnsaddr=/one"u8.ToArray(), "subnetvpn=default;10.0.0.2"u8.ToArray()])],
    };

    private static string Describe(DnsRecord record) =>
        $"{record.Name} {record.Ttl} {record.Target} {record.IsUnique} {string.Join(',', record.Texts.Select(Convert.ToHexString))}".ToUpperInvariant();

    private static int Count(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (int at; (at = packet.IndexOf(part)) >= 0; packet = packet[(at + 1)..])
            count++;
        return count;
    }
}
