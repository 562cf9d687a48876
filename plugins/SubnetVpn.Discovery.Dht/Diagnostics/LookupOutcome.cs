namespace SubnetVpn.Discovery.Dht.Diagnostics;

/// <summary>How a question of the host was answered.</summary>
internal enum LookupOutcome
{
    /// <summary>From an answer that was there.</summary>
    Cached,

    /// <summary>The table had a record.</summary>
    Found,

    /// <summary>It had none.</summary>
    NotFound,

    /// <summary>It could not be asked.</summary>
    Failed,
}
