using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Tests.Frames;

/// <summary>A stream that gives bytes and then ends: with a seed in pieces of random length, some at once and some after a wait, else at once.</summary>
internal sealed class ScriptedStream(byte[] bytes, int? seed) : IVpnStream
{
    private readonly Random? _random = seed is { } value ? new Random(value) : null;
    private int _position;

    /// <summary>Reads that were asked for.</summary>
    public int Reads { get; private set; }

    public VpnStreamInfo Info { get; } = new()
    {
        Peer = TestPeers.Create(2),
        Protocol = "/vpn/2.0.0",
        Name = "scripted",
        IsInbound = true,
        RemoteAddress = "/memory/scripted",
    };

    public async ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        Reads++;
        if (_random?.Next(2) == 0)
            await Task.Yield();
        var piece = _random is null ? bytes.Length : 1 + _random.Next(_random.Next(2) == 0 ? 8 : 5000);
        var count = Math.Min(Math.Min(destination.Length, bytes.Length - _position), piece);
        if (count == 0)
            return new StreamRead(0, StreamEnd.Completed);
        bytes.AsMemory(_position, count).CopyTo(destination);
        _position += count;
        return new StreamRead(count, StreamEnd.None);
    }

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask CloseWriteAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Reset()
    {
    }

    public ValueTask DisposeAsync() => default;
}
