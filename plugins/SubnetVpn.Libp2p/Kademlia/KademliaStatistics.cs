using SubnetVpn.Libp2p.Kademlia.Lookups;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>What a node has counted since it was created, and what it holds now. The dictionaries hold only what is not zero.</summary>
public sealed record KademliaStatistics
{
    /// <summary>Whether it answers others now.</summary>
    public required bool IsServer { get; init; }

    /// <summary>Peers in the routing table.</summary>
    public required int Peers { get; init; }

    /// <summary>Values that it holds.</summary>
    public required int Records { get; init; }

    /// <summary>Provider records that it holds.</summary>
    public required int Providers { get; init; }

    /// <summary>Requests of others that were served.</summary>
    public required long Answered { get; init; }

    /// <summary>Lookups, refreshes included.</summary>
    public required long Lookups { get; init; }

    /// <summary>Peers that were sent a better value than the one they had.</summary>
    public required long Corrected { get; init; }

    /// <summary>What was refused of others, by reason.</summary>
    public required IReadOnlyDictionary<KademliaRefusal, long> Refusals { get; init; }

    /// <summary>Our requests, by what came of them.</summary>
    public required IReadOnlyDictionary<RequestFailure, long> Requests { get; init; }
}
