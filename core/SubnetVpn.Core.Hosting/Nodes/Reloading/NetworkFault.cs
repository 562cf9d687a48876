namespace SubnetVpn.Core.Hosting.Nodes.Reloading;

/// <summary>A network that could not be started with its new configuration.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Error">Why, and whether it runs as before.</param>
public sealed record NetworkFault(string Network, string Error);
