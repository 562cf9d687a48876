namespace SubnetVpn.Discovery;

/// <summary>Which network of record stores to join, and by whom. Immutable.</summary>
public sealed record RecordStoreSettings
{
    /// <summary>The name of the network, such as the protocol id <c>/ipfs/kad/1.0.0</c>. Default: null, the one that is configured where the store is offered.</summary>
    public string? Protocol { get; init; }

    /// <summary>Peers to ask first, besides those that are known: multiaddresses that end in a peer id. Default: none.</summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = [];
}
