namespace SubnetVpn.Tun.Memory.Device;

/// <summary>Room for one packet that grows to the longest it held.</summary>
internal struct PacketSlot
{
    private byte[]? _bytes;
    private int _length;
    private PacketOffload _offload;

    public void Set(ReadOnlySpan<byte> packet, in PacketOffload offload)
    {
        if (_bytes is null || _bytes.Length < packet.Length)
            _bytes = GC.AllocateUninitializedArray<byte>(packet.Length);
        packet.CopyTo(_bytes);
        _length = packet.Length;
        _offload = offload;
    }

    public readonly void CopyTo(PacketBuffer buffer)
    {
        buffer.Set(_bytes.AsSpan(0, _length));
        buffer.Offload = _offload;
    }
}
