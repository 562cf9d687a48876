namespace SubnetVpn;

/// <summary>Takes packet buffers back. Thread-safe.</summary>
public interface IPacketBufferOwner
{
    /// <summary>Takes a buffer back; called by <see cref="PacketBuffer.Release"/>, once per rent.</summary>
    /// <param name="buffer">The buffer; the caller gives up ownership.</param>
    void Return(PacketBuffer buffer);
}
