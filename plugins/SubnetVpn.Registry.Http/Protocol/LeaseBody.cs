namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>A lease as the server tells it.</summary>
internal sealed record LeaseBody
{
    /// <summary><c>network</c>.</summary>
    public string? Network { get; init; }

    /// <summary><c>address</c>.</summary>
    public string? Address { get; init; }

    /// <summary><c>peer</c>: who holds it.</summary>
    public string? Peer { get; init; }

    /// <summary><c>expires_in</c>: seconds that are left of it. Counts, and not a moment, so that clocks need not agree.</summary>
    public double ExpiresIn { get; init; }
}
