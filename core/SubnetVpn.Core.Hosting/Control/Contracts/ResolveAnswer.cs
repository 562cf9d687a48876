namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>The answer of <c>/v1/resolve/{ip}</c>.</summary>
/// <param name="Address">The address that was asked for.</param>
/// <param name="Resolved">Whether packets to it go somewhere in one of the networks.</param>
/// <param name="Networks">The networks that it may belong to.</param>
public sealed record ResolveAnswer(string Address, bool Resolved, IReadOnlyList<NetworkResolution> Networks);
