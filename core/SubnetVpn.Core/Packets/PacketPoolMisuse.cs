namespace SubnetVpn.Core.Packets;

/// <summary>Knows which buffers are lent, so that returning one that is not fails at once, and late use reads rubbish.</summary>
internal sealed class PacketPoolMisuse
{
    private const byte Poison = 0xDB;

    private readonly Lock _gate = new();
    private readonly HashSet<PacketBuffer> _lent = new(ReferenceEqualityComparer.Instance);

    public void OnRent(PacketBuffer buffer)
    {
        lock (_gate)
            _lent.Add(buffer);
    }

    /// <exception cref="InvalidOperationException">The buffer was returned before, or is not of this pool.</exception>
    public void OnReturn(PacketBuffer buffer)
    {
        lock (_gate)
        {
            if (!_lent.Remove(buffer))
                throw new InvalidOperationException("The packet buffer is not lent out by this pool: it was returned twice, or comes from elsewhere.");
        }
        buffer.Array.AsSpan().Fill(Poison);
    }
}
