namespace SubnetVpn.Core.Metrics;

/// <summary>Drops of one direction by reason.</summary>
internal sealed class DropCounters
{
    private static readonly PacketDropReason[] Reasons = Enum.GetValues<PacketDropReason>();

    private readonly PaddedCounter[] _counts = new PaddedCounter[(int)Reasons.Max() + 1];

    public void Add(PacketDropReason reason, long count) => _counts[(int)reason].Add(count);

    /// <summary>The reasons that occurred, with their counts.</summary>
    public IEnumerable<KeyValuePair<PacketDropReason, long>> NonZero()
    {
        foreach (var reason in Reasons)
        {
            var count = _counts[(int)reason].Value;
            if (count > 0)
                yield return new(reason, count);
        }
    }
}
