namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>A record of the class IN and of the type PTR or TXT.</summary>
/// <param name="Name">Whose record it is.</param>
/// <param name="Ttl">Seconds that it holds; 0 says goodbye (RFC 6762, 10.1).</param>
/// <param name="Target">What a PTR record points to; null for a TXT record.</param>
/// <param name="Texts">The texts of a TXT record, at most 255 bytes each; empty for a PTR record.</param>
/// <param name="IsUnique">Whether it replaces all records of its name and type (RFC 6762, 10.2).</param>
internal sealed record DnsRecord(DnsName Name, uint Ttl, DnsName? Target, IReadOnlyList<byte[]> Texts, bool IsUnique = false)
{
    /// <summary>The type of the record.</summary>
    public DnsType Type => Target is null ? DnsType.Txt : DnsType.Ptr;

    /// <summary>A record that points to a name.</summary>
    public static DnsRecord Ptr(DnsName name, uint ttl, DnsName target) => new(name, ttl, target, []);

    /// <summary>A record of texts that is its owner's alone.</summary>
    public static DnsRecord Txt(DnsName name, uint ttl, IReadOnlyList<byte[]> texts) => new(name, ttl, null, texts, IsUnique: true);
}
