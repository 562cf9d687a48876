using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>A mapping that a source told.</summary>
/// <param name="Mapping">The mapping.</param>
/// <param name="Asked">The address whose holder was asked for; null when it tells all that its source knows of the peer.</param>
/// <param name="At">When it was last told.</param>
internal sealed record ToldMapping(PeerMapping Mapping, VirtualIp? Asked, DateTimeOffset At)
{
    /// <summary>Whether it is of that peer and source.</summary>
    public bool IsOf(PeerId peer, string source) => Mapping.Peer == peer && Mapping.Source == source;

    /// <summary>Whether a new mapping of that peer and source, for that question, replaces it.</summary>
    public bool IsOf(PeerId peer, string source, VirtualIp? asked) => IsOf(peer, source) && Asked == asked;
}
