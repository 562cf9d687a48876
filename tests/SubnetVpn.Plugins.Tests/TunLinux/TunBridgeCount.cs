namespace SubnetVpn.Plugins.Tests.TunLinux;

/// <summary>What went over a bridge in one direction.</summary>
internal sealed class TunBridgeCount
{
    private readonly Lock _gate = new();
    private readonly Dictionary<GsoType, int> _byType = [];
    private int _refused;
    private int _unfinishedChecksums;
    private int _longest;

    public int Refused => Volatile.Read(ref _refused);

    public int UnfinishedChecksums => Volatile.Read(ref _unfinishedChecksums);

    public int LongestPacket => Volatile.Read(ref _longest);

    public int Of(GsoType type)
    {
        lock (_gate)
            return _byType.GetValueOrDefault(type);
    }

    public void See(ReadOnlySpan<PacketBuffer> packets)
    {
        lock (_gate)
            foreach (var packet in packets)
            {
                _byType[packet.Offload.GsoType] = _byType.GetValueOrDefault(packet.Offload.GsoType) + 1;
                _unfinishedChecksums += packet.Offload.NeedsChecksum ? 1 : 0;
                _longest = Math.Max(_longest, packet.Length);
            }
    }

    public void Refuse(int count) => Interlocked.Add(ref _refused, count);
}
