namespace SubnetVpn.Core.Routing;

/// <summary>What a new answer replaces: the former one about the same peer, by the same source, to the same question.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Source">The source.</param>
/// <param name="Asked">The address that was asked for; null where the source tells all that it knows of the peer.</param>
internal readonly record struct AnswerKey(PeerId Peer, string Source, VirtualIp? Asked);
