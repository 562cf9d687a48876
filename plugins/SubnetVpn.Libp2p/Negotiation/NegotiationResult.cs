namespace SubnetVpn.Libp2p.Negotiation;

/// <summary>The protocol that both sides agreed on, or why there is none.</summary>
internal readonly record struct NegotiationResult(string? Protocol, NegotiationFailure Failure)
{
    public static NegotiationResult Agreed(string protocol) => new(protocol, NegotiationFailure.None);

    public static NegotiationResult Failed(NegotiationFailure failure) => new(null, failure);
}
