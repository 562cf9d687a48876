namespace SubnetVpn.Libp2p.Kademlia.Lookups;

/// <summary>How far a lookup is with a peer.</summary>
internal enum LookupStage
{
    Heard,
    Asked,
    Answered,
    Failed,
}
