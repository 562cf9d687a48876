namespace SubnetVpn;

/// <summary>Lends packet buffers. Thread-safe. Never blocks, and never fails but for lack of memory.</summary>
public interface IPacketPool
{
    /// <summary>Lends an empty buffer; give it back with <see cref="PacketBuffer.Release"/>.</summary>
    /// <param name="capacity">How long a packet it must hold, in bytes: 1 to <see cref="PacketBuffer.MaxPacketLength"/>. It may hold more.</param>
    PacketBuffer Rent(int capacity);
}
