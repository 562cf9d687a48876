namespace SubnetVpn.Discovery.Dht.Diagnostics;

/// <summary>What came of publishing a record of ours.</summary>
internal enum PublishOutcome
{
    /// <summary>Other nodes have it, or we are the first.</summary>
    Published,

    /// <summary>No node took it.</summary>
    Failed,

    /// <summary>Another peer has the better claim to the address.</summary>
    Refused,
}
