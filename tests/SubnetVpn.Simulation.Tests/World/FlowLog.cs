namespace SubnetVpn.Simulation.Tests.World;

/// <summary>What a host got from its TUN device: checks that each flow's numbers grow, so that nothing comes late or twice. Thread-safe.</summary>
internal sealed class FlowLog(int node, FaultList faults)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FlowId, int> _last = [];
    private long _delivered;

    public long Delivered => Volatile.Read(ref _delivered);

    public int LastOf(FlowId flow)
    {
        lock (_gate)
            return _last.GetValueOrDefault(flow, -1);
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var isWhole = FlowPacket.TryRead(bytes, out var packet);
        lock (_gate)
        {
            _delivered++;
            if (!isWhole || packet.Flow.To != node)
            {
                faults.Add($"receiver: node {node} got rubbish: {Convert.ToHexString(bytes[..Math.Min(bytes.Length, 40)])}");
                return;
            }
            var last = _last.GetValueOrDefault(packet.Flow, -1);
            if (packet.Number <= last)
                faults.Add($"receiver: {packet} was delivered after #{last}");
            _last[packet.Flow] = packet.Number;
        }
    }
}
