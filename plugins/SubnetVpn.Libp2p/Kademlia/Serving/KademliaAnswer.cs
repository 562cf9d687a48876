using SubnetVpn.Libp2p.Kademlia.Wire;

namespace SubnetVpn.Libp2p.Kademlia.Serving;

/// <summary>What to do with a request.</summary>
/// <param name="Reply">What to send; null when nothing is to be sent.</param>
/// <param name="Refusal">Why the request was refused; the stream is reset then.</param>
internal readonly record struct KademliaAnswer(KademliaMessage? Reply, KademliaRefusal Refusal)
{
    public static KademliaAnswer Of(KademliaMessage reply) => new(reply, KademliaRefusal.None);

    public static KademliaAnswer Refused(KademliaRefusal refusal) => new(null, refusal);
}
