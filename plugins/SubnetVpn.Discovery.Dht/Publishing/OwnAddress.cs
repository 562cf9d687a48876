using SubnetVpn.Discovery.Dht.Diagnostics;

namespace SubnetVpn.Discovery.Dht.Publishing;

/// <summary>An address that we hold, and how its record stands.</summary>
internal sealed class OwnAddress(AddressClaim claim)
{
    public AddressClaim Claim => claim;

    /// <summary>That of the last record; the next one's is higher.</summary>
    public ulong Sequence { get; set; }

    /// <summary>What came of the last attempt; null before the first.</summary>
    public PublishOutcome? Outcome { get; set; }
}
