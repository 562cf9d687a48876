namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>A network that did not start anew.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Error">Why, and whether it runs as before.</param>
public sealed record ReloadFault(string Network, string Error);
