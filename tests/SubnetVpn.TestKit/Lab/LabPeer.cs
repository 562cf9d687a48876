namespace SubnetVpn.TestKit.Lab;

/// <summary>An entry of a node's static peers.</summary>
public sealed record LabPeer(string PeerId, IReadOnlyList<string> Addresses, IReadOnlyList<string> VirtualIps);
