namespace SubnetVpn.Libp2p.Negotiation;

/// <summary>Why no protocol was agreed.</summary>
internal enum NegotiationFailure
{
    /// <summary>One was agreed.</summary>
    None,

    /// <summary>The other side has none of the protocols that were proposed.</summary>
    NotSupported,

    /// <summary>The other side does not speak multistream-select, or answered what was not asked.</summary>
    Malformed,

    /// <summary>A message is longer than <see cref="MultistreamMessage.MaxLength"/>.</summary>
    TooLarge,

    /// <summary>The other side went on proposing beyond our limit.</summary>
    TooManyProposals,

    /// <summary>The other side ended before a protocol was agreed.</summary>
    EndOfStream,
}
