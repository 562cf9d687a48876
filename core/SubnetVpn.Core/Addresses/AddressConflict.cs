namespace SubnetVpn.Core.Addresses;

/// <summary>Two nodes claimed one address, one of them this one.</summary>
/// <param name="Address">The address.</param>
/// <param name="Rival">The other.</param>
/// <param name="Outcome">What this node did.</param>
/// <param name="At">When.</param>
public sealed record AddressConflict(VirtualIp Address, AddressRival Rival, AddressConflictOutcome Outcome, DateTimeOffset At);
