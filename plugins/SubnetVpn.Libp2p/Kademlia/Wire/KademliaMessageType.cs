namespace SubnetVpn.Libp2p.Kademlia.Wire;

/// <summary>Types of messages, with their numbers on the wire.</summary>
internal enum KademliaMessageType
{
    PutValue = 0,
    GetValue = 1,
    AddProvider = 2,
    GetProviders = 3,
    FindNode = 4,
    Ping = 5,
}
