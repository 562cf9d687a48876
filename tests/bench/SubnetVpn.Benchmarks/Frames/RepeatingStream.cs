using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Benchmarks.Frames;

/// <summary>A stream from which the same bytes can be read again and again, at once.</summary>
internal sealed class RepeatingStream(byte[] bytes) : IVpnStream
{
    private int _position;

    public VpnStreamInfo Info { get; } = new()
    {
        Peer = TestPeers.Create(1),
        Protocol = "/vpn/2.0.0",
        Name = "repeating",
        IsInbound = true,
        RemoteAddress = "/memory/repeating",
    };

    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var count = Math.Min(destination.Length, bytes.Length - _position);
        bytes.AsMemory(_position, count).CopyTo(destination);
        _position = _position + count == bytes.Length ? 0 : _position + count;
        return new ValueTask<StreamRead>(new StreamRead(count, StreamEnd.None));
    }

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken) => new(StreamEnd.None);

    public ValueTask CloseWriteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Reset()
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
