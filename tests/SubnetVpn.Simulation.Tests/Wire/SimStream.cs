using SubnetVpn.Streams;

namespace SubnetVpn.Simulation.Tests.Wire;

/// <summary>A stream of the memory transport that keeps the ledger.</summary>
internal sealed class SimStream : IVpnStream
{
    private readonly IVpnStream _inner;
    private readonly StreamLedger _ledger;
    private readonly StreamRecord _record;
    private readonly FrameCounter _read = new();
    private readonly WriteOrder? _order;

    public SimStream(IVpnStream inner, StreamLedger ledger, WriteOrder? order)
    {
        _inner = inner;
        _ledger = ledger;
        _order = order;
        _record = ledger.Attach(inner.Info.Name, inner.Info.IsInbound);
    }

    public VpnStreamInfo Info => _inner.Info;

    public async ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        _ledger.Begin();
        try
        {
            var read = await _inner.ReadAsync(destination, cancellationToken);
            if (Info.IsInbound && read.Count > 0 && _read.Feed(destination.Span[..read.Count]) is > 0 and var packets)
                _ledger.AddRead(_record, packets);
            return read;
        }
        finally
        {
            _ledger.Done();
        }
    }

    public async ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken)
    {
        _ledger.Begin();
        try
        {
            var packets = 0;
            foreach (var buffer in batch.Span)
            {
                if (Info.IsInbound || !FrameCounter.IsPacket(buffer.Span[4]))
                    continue;
                packets++;
                _order?.Written(buffer.Span[5..], Info.Name);
            }
            _ledger.AddHanded(_record, packets);
            var end = await _inner.WriteAsync(batch, cancellationToken);
            if (end == StreamEnd.None)
                _ledger.AddWritten(packets);
            return end;
        }
        finally
        {
            _ledger.Done();
        }
    }

    public ValueTask CloseWriteAsync(CancellationToken cancellationToken) => _inner.CloseWriteAsync(cancellationToken);

    public void Reset() => _inner.Reset();

    public async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        // The acceptor's end is over when its handler is: a read may be going on until then.
        if (!Info.IsInbound)
            End();
    }

    public void End() => _ledger.End(_record, Info.Name, Info.IsInbound);
}
