using System.Text;
using SubnetVpn.Discovery.Mdns;
using SubnetVpn.Discovery.Mdns.Dns;

namespace SubnetVpn.Plugins.Tests.DiscoveryMdns;

/// <summary>Messages that anybody could send.</summary>
internal static class StrangerMessage
{
    /// <summary>A response of one node.</summary>
    public static byte[] Response(string instance, uint ttl, params string[] texts) => DnsMessageWriter.Write(new DnsMessage
    {
        IsResponse = true,
        Answers = [DnsRecord.Ptr(MdnsProtocol.Service, ttl, MdnsProtocol.Service.Prepend(instance))],
        Additionals = [DnsRecord.Txt(MdnsProtocol.Service.Prepend(instance), ttl, [.. texts.Select(Encoding.UTF8.GetBytes)])],
    });

    /// <summary>A query with what the asker knows.</summary>
    public static byte[] Query(params (DnsName Instance, uint Ttl)[] known) => DnsMessageWriter.Write(new DnsMessage
    {
        IsResponse = false,
        Questions = [new DnsQuestion(MdnsProtocol.Service, DnsType.Ptr)],
        Answers = [.. known.Select(static entry => DnsRecord.Ptr(MdnsProtocol.Service, entry.Ttl, entry.Instance))],
    });
}
