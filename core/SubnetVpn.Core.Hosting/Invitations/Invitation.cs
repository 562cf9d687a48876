namespace SubnetVpn.Core.Hosting.Invitations;

/// <summary>What a newcomer needs to become a member of a private network. A secret: whoever has it is a member.</summary>
public sealed record Invitation
{
    /// <summary>The network's name.</summary>
    public required string Network { get; init; }

    /// <summary>The secret of the network's key: <see cref="NetworkKey.SecretLength"/> bytes.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>The network's IPv4 subnet; null when it has none.</summary>
    public IpPrefix? Subnet { get; init; }

    /// <summary>The network's IPv6 subnet; null when it follows from the key.</summary>
    public IpPrefix? Subnet6 { get; init; }

    /// <summary>Peers to ask first: multiaddresses that end in <c>/p2p/</c> and a peer id. Default: none, then only the LAN is asked.</summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = [];

    /// <summary>The protocol id of the hash table; null for the usual one.</summary>
    public string? DhtProtocol { get; init; }

    /// <summary>The virtual IPs of the node that invites: somebody to ping first. Default: none.</summary>
    public IReadOnlyList<VirtualIp> Inviter { get; init; } = [];

    /// <summary>
    /// When it is not to be used any more, in whole seconds. Kept by <c>subnetvpn join</c> and nobody else: the key in it stays good for ever.
    /// </summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The network; never the secret.</summary>
    public override string ToString() => $"invitation to {Network} until {ExpiresAt:u}";
}
