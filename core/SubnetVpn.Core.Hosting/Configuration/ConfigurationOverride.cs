namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>A key that something other than the file sets.</summary>
/// <param name="Path">The key.</param>
/// <param name="Value">Its value.</param>
/// <param name="Origin">What sets it, in words for the user.</param>
internal sealed record ConfigurationOverride(string Path, string Value, string Origin);
