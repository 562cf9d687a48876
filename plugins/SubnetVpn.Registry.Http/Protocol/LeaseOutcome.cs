namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>What came of a question to the server.</summary>
internal enum LeaseOutcome
{
    /// <summary>Somebody holds the address.</summary>
    Held,

    /// <summary>Nobody does.</summary>
    Free,

    /// <summary>The server will not let us hold it.</summary>
    Refused,

    /// <summary>The server answered that it cannot, or will not, handle the request.</summary>
    Rejected,

    /// <summary>There was no answer.</summary>
    Unreachable,

    /// <summary>The answer makes no sense.</summary>
    Malformed,

    /// <summary>The answer is not signed with the server's key.</summary>
    Forged,
}
