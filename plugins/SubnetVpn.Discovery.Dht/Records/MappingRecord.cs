namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>A record as members of the network see it.</summary>
internal sealed record MappingRecord
{
    public required RecordHeader Header { get; init; }

    public required VirtualIp Address { get; init; }

    public required PeerId Peer { get; init; }

    public required bool IsAutomatic { get; init; }

    /// <summary>Where to dial the peer.</summary>
    public IReadOnlyList<string> DialAddresses { get; init; } = [];

    /// <summary>Whether the peer let go of the address: the record tells that an older one of it no longer holds.</summary>
    public bool IsReleased { get; init; }

    public AddressClaim Claim => new(Address, Peer, IsAutomatic);
}
