using System.Diagnostics.CodeAnalysis;

namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One stream, with the network and the peer it is of.</summary>
public sealed record PeerStreamStatus : StreamStatus
{
    /// <summary>Made by JSON.</summary>
    public PeerStreamStatus()
    {
    }

    /// <summary>Adds to a stream what it is of.</summary>
    /// <param name="network">The network.</param>
    /// <param name="peer">The peer id.</param>
    /// <param name="stream">The stream.</param>
    [SetsRequiredMembers]
    public PeerStreamStatus(string network, string peer, StreamStatus stream)
        : base(stream) => (Network, Peer) = (network, peer);

    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>The peer id.</summary>
    public required string Peer { get; init; }
}
