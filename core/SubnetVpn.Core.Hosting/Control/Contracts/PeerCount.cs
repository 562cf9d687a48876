namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>How many peers a network has.</summary>
/// <param name="Known">Peers that discovery told of.</param>
/// <param name="Connected">Those with a connection.</param>
public sealed record PeerCount(int Known, int Connected);
