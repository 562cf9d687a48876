namespace SubnetVpn.Core.Hosting.Control.Contracts;

/// <summary>One stream that carries our packets to a peer.</summary>
/// <param name="Id">Its number in the pool.</param>
/// <param name="Name">Its name in the transport.</param>
/// <param name="Protocol">The protocol id.</param>
/// <param name="Flows">Flows assigned to it.</param>
/// <param name="QueuedPackets">Packets waiting for it.</param>
/// <param name="PacketsSent">Packets written to it.</param>
/// <param name="BytesSent">Bytes of those packets.</param>
public sealed record StreamStatus(int Id, string Name, string Protocol, int Flows, int QueuedPackets, long PacketsSent, long BytesSent);
