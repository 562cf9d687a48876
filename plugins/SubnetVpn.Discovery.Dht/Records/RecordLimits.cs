namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>What bounds a record.</summary>
internal static class RecordLimits
{
    public const uint Version = 1;

    /// <summary>Of a value: 16 addresses of 256 bytes, and what stands around them.</summary>
    public const int MaxValueLength = 5 * 1024;

    public const int MaxAddresses = 16;
    public const int MaxAddressLength = 256;
    public const int MaxNetworkLength = 64;

    /// <summary>Of a record, from issue to expiry.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);

    /// <summary>How far the clocks of two nodes may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
}
