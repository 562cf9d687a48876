namespace SubnetVpn.Registry.Http.Leases;

/// <summary>How a lease of ours stands, as it was last told to the operator.</summary>
internal enum LeaseState
{
    /// <summary>The server was not heard yet.</summary>
    Unknown,

    /// <summary>It is ours.</summary>
    Held,

    /// <summary>Its time is over, and the server does not answer.</summary>
    RanOut,

    /// <summary>Another peer has it.</summary>
    Lost,

    /// <summary>The server will not let us have it.</summary>
    Refused,
}
