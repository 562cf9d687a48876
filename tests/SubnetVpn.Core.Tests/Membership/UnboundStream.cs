using SubnetVpn.Streams;
using SubnetVpn.TestKit.Transports;

namespace SubnetVpn.Core.Tests.Membership;

/// <summary>A stream of a transport that has no channel binding; it keeps what is written to it, and has nothing to be read.</summary>
internal sealed class UnboundStream(bool isInbound) : IVpnStream
{
    private readonly List<byte> _written = [];

    public byte[] Written => [.. _written];

    public bool IsWriteClosed { get; private set; }

    public VpnStreamInfo Info { get; } = new()
    {
        Peer = TestPeers.Create(2),
        Protocol = "/vpn/2.0.0",
        Name = "unbound",
        IsInbound = isInbound,
        RemoteAddress = "/memory/unbound",
    };

    public async ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return default;
    }

    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        foreach (var buffer in batch.Span)
            _written.AddRange(buffer.Span);
        return new(StreamEnd.None);
    }

    public ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        IsWriteClosed = true;
        return default;
    }

    public void Reset()
    {
    }

    public ValueTask DisposeAsync() => default;
}
