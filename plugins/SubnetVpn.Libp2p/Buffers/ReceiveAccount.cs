namespace SubnetVpn.Libp2p.Buffers;

/// <summary>What one connection holds of a <see cref="ReceiveBlockPool"/>. Its count is guarded by the pool's lock.</summary>
internal sealed class ReceiveAccount(ReceiveBlockPool pool, long maxBytes)
{
    public int MaxBlocks { get; } = (int)Math.Clamp(maxBytes / ReceiveBlockPool.BlockBytes, 1, int.MaxValue);

    public int Blocks { get; set; }

    public bool TryRent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ReceiveBlock? block) => pool.TryRent(this, out block);

    public void Return(ReceiveBlock block) => pool.Return(this, block);
}
