namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/stop</c>: the node ends now.</summary>
/// <param name="Pid">The process that ends.</param>
public sealed record NodeStopping(int Pid);
