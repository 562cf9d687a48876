namespace LeaseServer.Leases;

/// <summary>A verdict, with the lease that it is about: the peer's own, or the one that stands in its way.</summary>
internal readonly record struct LeaseResult(LeaseVerdict Verdict, Lease? Lease = null);
