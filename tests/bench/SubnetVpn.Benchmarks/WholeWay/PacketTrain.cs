namespace SubnetVpn.Benchmarks.WholeWay;

/// <summary>What the host sends: one packet, as of many flows.</summary>
/// <param name="packet">The packet.</param>
/// <param name="keys">How many flows there are.</param>
/// <param name="isSkewed">
/// Whether nine packets of ten belong to one flow of a hundred, as in life; otherwise each has another flow than the one before, far
/// from it in memory.
/// </param>
internal sealed class PacketTrain(byte[] packet, int keys, bool isSkewed)
{
    // A prime that divides no number of keys.
    private const int Stride = 7919;

    // Ports of one source: with as many destination ports as are needed, any number of flows.
    private const int SourcePorts = 50_000;

    private readonly int _frequent = Math.Max(1, keys / 100);
    private int _next;

    /// <summary>Writes the next packet.</summary>
    public void Write(PacketBuffer buffer)
    {
        _next = (_next + Stride) % keys;
        Write(buffer, isSkewed && _next % 10 != 0 ? _next % _frequent : _next);
    }

    /// <summary>Writes a packet of a flow.</summary>
    public void Write(PacketBuffer buffer, int key)
    {
        buffer.Set(packet);
        Packets.BenchPackets.WritePorts(buffer.Span, (ushort)(1 + (key % SourcePorts)), (ushort)(1 + (key / SourcePorts)));
    }
}
