using SubnetVpn.Discovery;

namespace SubnetVpn.Core.Routing;

/// <summary>A mapping that a source told.</summary>
/// <param name="Mapping">The mapping.</param>
/// <param name="At">When it was last told.</param>
internal sealed record ToldMapping(PeerMapping Mapping, DateTimeOffset At)
{
    /// <summary>Whether a new mapping of that peer and source replaces it.</summary>
    public bool IsOf(PeerId peer, string source) => Mapping.Peer == peer && Mapping.Source == source;
}
