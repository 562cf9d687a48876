namespace SubnetVpn.Core.Hosting.Nodes.Reloading;

/// <summary>A key that changed and cannot be applied while what it belongs to runs.</summary>
/// <param name="Key">The key, a full path.</param>
/// <param name="Network">The network that has to be restarted, or started or stopped; null when it is the whole node.</param>
public sealed record PendingChange(string Key, string? Network);
