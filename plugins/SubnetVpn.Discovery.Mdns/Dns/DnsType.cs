namespace SubnetVpn.Discovery.Mdns.Dns;

/// <summary>Types of records (RFC 1035, 3.2.2). Others are skipped where they are read.</summary>
internal enum DnsType : ushort
{
    /// <summary>A pointer to another name.</summary>
    Ptr = 12,

    /// <summary>Texts.</summary>
    Txt = 16,

    /// <summary>In questions alone: every type.</summary>
    Any = 255,
}
