namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>A key that waits for a restart.</summary>
/// <param name="Key">The key.</param>
/// <param name="Network">The network that has to be restarted; null when it is the whole node.</param>
public sealed record ReloadPending(string Key, string? Network);
