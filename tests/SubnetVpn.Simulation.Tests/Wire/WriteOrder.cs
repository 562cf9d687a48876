using SubnetVpn.Simulation.Tests.World;

namespace SubnetVpn.Simulation.Tests.Wire;

/// <summary>Checks that the packets of each flow are handed to streams in the order in which they were sent. Thread-safe.</summary>
internal sealed class WriteOrder(FaultList faults)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FlowId, int> _last = [];

    public void Written(ReadOnlySpan<byte> bytes, string stream)
    {
        if (!FlowPacket.TryRead(bytes, out var packet))
        {
            faults.Add($"a packet was rubbish when it was written to stream {stream}");
            return;
        }
        lock (_gate)
        {
            if (_last.TryGetValue(packet.Flow, out var last) && packet.Number <= last)
                faults.Add($"sender: {packet} was written to stream {stream} after #{last}");
            _last[packet.Flow] = packet.Number;
        }
    }
}
