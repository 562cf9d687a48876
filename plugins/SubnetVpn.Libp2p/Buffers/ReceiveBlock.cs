namespace SubnetVpn.Libp2p.Buffers;

/// <summary>A pooled piece of received data that waits for its reader. Belongs to one <see cref="ReceiveQueue"/> at a time.</summary>
internal sealed class ReceiveBlock
{
    public readonly byte[] Bytes = GC.AllocateUninitializedArray<byte>(ReceiveBlockPool.BlockBytes);
    public int Start;
    public int End;
    public ReceiveBlock? Next;
}
