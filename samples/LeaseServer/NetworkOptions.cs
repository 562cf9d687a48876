namespace LeaseServer;

/// <summary>A network in the section <c>Leases</c>.</summary>
internal sealed class NetworkOptions
{
    /// <summary>Its subnets; the first is where a peer gets an address that does not say which.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>Addresses that nobody gets.</summary>
    public IReadOnlyList<string> Reserved { get; init; } = [];

    /// <summary>The peer ids that may lease, or <c>any</c>.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>How many addresses of a subnet one peer may hold.</summary>
    public int LeasesPerPeer { get; init; } = 1;
}
