using System.Net;
using SubnetVpn.Discovery.Mdns.Dns;

namespace SubnetVpn.Discovery.Mdns;

/// <summary>Constants of the specifications: RFC 6762, and <c>discovery/mdns.md</c> of libp2p.</summary>
internal static class MdnsProtocol
{
    public const int Port = 5353;

    /// <summary>The longest message, with the headers of IP and UDP (RFC 6762, 17).</summary>
    public const int MaxMessageLength = 9000;

    /// <summary>In front of a multiaddress in a text record.</summary>
    public const string AddressKey = "dnsaddr=";

    public static readonly IPAddress GroupV4 = IPAddress.Parse("224.0.0.251");
    public static readonly IPAddress GroupV6 = IPAddress.Parse("ff02::fb");

    /// <summary>What every libp2p node answers to.</summary>
    public static readonly DnsName Service = DnsName.Parse("_p2p._udp.local");

    /// <summary>How long an answer waits, so that not all nodes send at once (RFC 6762, 6).</summary>
    public static readonly TimeSpan MinAnswerDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest it waits.</summary>
    public static readonly TimeSpan MaxAnswerDelay = TimeSpan.FromMilliseconds(120);

    /// <summary>A record is not sent again on a link before this (RFC 6762, 6), nor a question (5.2).</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    /// <summary>After a goodbye, the record holds this long (RFC 6762, 10.1).</summary>
    public static readonly TimeSpan GoodbyeDelay = TimeSpan.FromSeconds(1);
}
