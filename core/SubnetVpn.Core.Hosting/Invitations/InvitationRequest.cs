namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>What whoever invites asks for.</summary>
public sealed record InvitationRequest
{
    /// <summary>The network; null when the node has one only.</summary>
    public string? Network { get; init; }

    /// <summary>How long <c>subnetvpn join</c> takes the token.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>Where newcomers ask first, with or without a peer id; without one it is this node's. Empty: where this node can be dialled.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];
}
