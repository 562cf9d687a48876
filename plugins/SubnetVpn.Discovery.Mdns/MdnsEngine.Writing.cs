using SubnetVpn.Discovery.Mdns.Dns;
using SubnetVpn.Discovery.Mdns.Links;
using SubnetVpn.Discovery.Mdns.Peers;

namespace SubnetVpn.Discovery.Mdns;

internal sealed partial class MdnsEngine
{
    // Fits an Ethernet frame with the headers of IPv6 and UDP; multicast is not worth fragments.
    private const int MaxSentLength = 1440;

    // 50 bytes each.
    private const int MaxKnownAnswers = 24;

    private byte[] MakeQuery(LocalLink link, TimeSpan now) => DnsMessageWriter.Write(new DnsMessage
    {
        IsResponse = false,
        Questions = [new DnsQuestion(MdnsProtocol.Service, DnsType.Ptr)],
        // Who stands here need not answer (RFC 6762, 7.1).
        Answers = [.. Peers.FreshOn(link.Index, now).Take(MaxKnownAnswers).Select(static known => DnsRecord.Ptr(MdnsProtocol.Service, Seconds(known.Remaining), known.Instance))],
    });

    private byte[] MakeResponse(LocalLink link, TimeSpan ttl)
    {
        var addresses = ListenAddresses.On(_network.ListenAddresses, link);
        for (var count = Math.Min(addresses.Count, _options.MaxAddressesPerPeer); ; count--)
        {
            var packet = MakeResponse(addresses.Take(count), ttl);
            if (packet.Length <= MaxSentLength || count == 0)
                return packet;
        }
    }

    private byte[] MakeResponse(IEnumerable<string> addresses, TimeSpan ttl)
    {
        var texts = addresses.Select(address => DialAddress.ToText(_network.LocalPeer, address)).Where(static text => text.Length <= byte.MaxValue).ToList();
        // A node that only dials still says who it is.
        if (texts.Count == 0)
            texts.Add(DialAddress.ToText(_network.LocalPeer, ""));
        texts.Add(new NetworkClaim(_network.Name, _claims!).ToText());
        return DnsMessageWriter.Write(new DnsMessage
        {
            IsResponse = true,
            Answers = [DnsRecord.Ptr(MdnsProtocol.Service, Seconds(ttl), Instance)],
            Additionals = [DnsRecord.Txt(Instance, Seconds(ttl), texts)],
        });
    }

    private static uint Seconds(TimeSpan time) => (uint)time.TotalSeconds;
}
