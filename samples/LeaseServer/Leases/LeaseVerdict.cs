namespace LeaseServer.Leases;

/// <summary>What came of a request.</summary>
internal enum LeaseVerdict
{
    /// <summary>The peer did not have it, and has it now.</summary>
    Granted,

    /// <summary>The peer had it already, and has it for longer.</summary>
    Renewed,

    /// <summary>The peer had it, and nobody has it now.</summary>
    Released,

    /// <summary>Nobody has it.</summary>
    NotLeased,

    /// <summary>Another peer has it.</summary>
    HeldByAnother,

    /// <summary>The peer may not lease in this network.</summary>
    NotAllowed,

    /// <summary>The peer holds as many addresses as it may.</summary>
    TooMany,

    /// <summary>The network has no such subnet.</summary>
    OutsideSubnet,

    /// <summary>Nobody may have the address.</summary>
    Reserved,

    /// <summary>Every address is taken.</summary>
    SubnetFull,
}
