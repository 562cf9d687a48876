namespace SubnetVpn.Registry.Http.Protocol;

/// <summary>Why a server does not do what was asked (RFC 9457).</summary>
internal sealed record ProblemBody
{
    /// <summary>What a lease server says when nobody holds an address.</summary>
    public const string NotLeased = "urn:subnetvpn:leases:not-leased";

    /// <summary>What it says when another peer does.</summary>
    public const string HeldByAnother = "urn:subnetvpn:leases:held-by-another";

    /// <summary><c>type</c>: the kind of problem.</summary>
    public string? Type { get; init; }

    /// <summary><c>detail</c>: a sentence for the operator.</summary>
    public string? Detail { get; init; }

    /// <summary><c>lease</c>: the lease that stands in the way.</summary>
    public LeaseBody? Lease { get; init; }
}
