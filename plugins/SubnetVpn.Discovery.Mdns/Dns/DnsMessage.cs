namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>A message of mDNS, as far as it matters here: records of other types and classes are left out.</summary>
internal sealed class DnsMessage
{
    /// <summary>Whether it answers; else it asks.</summary>
    public required bool IsResponse { get; init; }

    public IReadOnlyList<DnsQuestion> Questions { get; init; } = [];

    /// <summary>In a response what it tells, in a query what the asker knows already (RFC 6762, 7.1).</summary>
    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>What the asker is likely to ask for next.</summary>
    public IReadOnlyList<DnsRecord> Additionals { get; init; } = [];
}
