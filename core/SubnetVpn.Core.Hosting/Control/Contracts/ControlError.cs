namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>What the control API answers when it cannot do what it is asked.</summary>
/// <param name="Error">A sentence for the user.</param>
public sealed record ControlError(string Error);
