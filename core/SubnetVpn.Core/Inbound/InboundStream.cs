using System.Runtime.CompilerServices;
using SubnetVpn.Core.Frames;
using SubnetVpn.Core.Streams;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Inbound;

/// <summary>
/// A stream that a peer opened to us: deframe → parse → verify → filter → TUN.
/// </summary>
/// <remarks>
/// One task per stream, all stages on it, so packets of a stream keep their order; streams are parallel to each other.
/// Packets are collected while the stream has bytes ready and written in one batch before it waits. Backpressure: while
/// the TUN device is slow this stream is not read, and its flow-control window stops the peer; other streams go on.
/// </remarks>
internal sealed class InboundStream
{
    private readonly IVpnStream _stream;
    private readonly InboundContext _context;
    private readonly FrameReader _reader;
    private readonly InboundGate _gate;
    private readonly TunWriter _writer;
    private readonly byte[] _offload = new byte[PacketOffload.Size];
    private bool _invalidOffload;

    public InboundStream(IVpnStream stream, InboundContext context)
    {
        _stream = stream;
        _context = context;
        _writer = new TunWriter(context);
        _gate = new InboundGate(stream.Info.Peer, context);
        _reader = new FrameReader(stream, context.Mtu) { BeforeWait = _writer.FlushAsync };
    }

    /// <summary>Runs until the stream ends. Every error of the peer is counted by its name, and resets the stream.</summary>
    public async Task RunAsync(bool isLegacy, CancellationToken cancellationToken)
    {
        try
        {
            var error = isLegacy ? await ReadLegacyAsync(cancellationToken) : await ReadFramesAsync(cancellationToken);
            await _writer.FlushAsync();
            if (error != FrameError.None)
            {
                _context.Metrics.StreamError(FrameErrorNames.Of(error));
                _stream.Reset();
            }
            else if (_reader.End is not (StreamEnd.None or StreamEnd.Completed))
            {
                _context.Metrics.StreamError(StreamEndNames.Of(_reader.End));
            }
        }
        finally
        {
            _writer.Abandon();
        }
    }

    private async Task<FrameError> ReadFramesAsync(CancellationToken cancellationToken)
    {
        if (!await WriteAsync(_context.HelloFrame, cancellationToken))
            return FrameError.None;
        while (true)
        {
            var (ok, header) = await _reader.ReadHeaderAsync(cancellationToken);
            if (!ok)
                return _reader.Error;
            switch (header.Type)
            {
                case FrameType.Packet:
                    if (!await ReadPacketAsync(header.BodyLength, default, cancellationToken))
                        return _reader.Error;
                    continue;
                case FrameType.OffloadPacket:
                    if (!await _reader.FillAsync(_offload, insideFrame: true, cancellationToken))
                        return _reader.Error;
                    if (!await ReadPacketAsync(header.BodyLength - PacketOffload.Size, PacketOffload.Read(_offload), cancellationToken))
                        return _reader.Error;
                    if (_invalidOffload)
                        return FrameError.InvalidOffload;
                    continue;
                default:
                    break;
            }
            var (complete, body) = await _reader.ReadBodyAsync(header.BodyLength, cancellationToken);
            if (!complete)
                return _reader.Error;
            switch (header.Type)
            {
                case FrameType.Hello when !HelloCodec.TryDecode(body.Span, out _):
                    return FrameError.MalformedHello;
                case FrameType.Ping when !await WriteAsync(ControlFrames.Make(FrameType.Pong, body.Span), cancellationToken):
                    return FrameError.None;
                case FrameType.Goodbye:
                    return FrameError.None;
                default:
                    // Unknown types are skipped, so that the protocol can grow.
                    break;
            }
        }
    }

    private async Task<FrameError> ReadLegacyAsync(CancellationToken cancellationToken)
    {
        var header = new byte[FrameFormat.LegacyHeaderSize];
        while (await _reader.FillAsync(header, insideFrame: false, cancellationToken))
        {
            if (!FrameFormat.TryReadLegacyHeader(header, _context.Mtu, out var length, out var error))
                return error;
            if (!await ReadPacketAsync(length, default, cancellationToken))
                break;
        }
        return _reader.Error;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadPacketAsync(int length, PacketOffload offload, CancellationToken cancellationToken)
    {
        var packet = _context.Pool.Rent(length);
        packet.SetLength(length);
        var filled = false;
        try
        {
            filled = await _reader.FillAsync(packet.Memory, insideFrame: true, cancellationToken);
        }
        finally
        {
            if (!filled)
                packet.Release();
        }
        if (!filled)
            return false;
        packet.Offload = offload;
        var reason = _gate.Check(packet, out var info);
        if (reason == PacketDropReason.None)
        {
            await _writer.AddAsync(packet, info);
            return true;
        }
        _invalidOffload = reason == PacketDropReason.InvalidOffload;
        _context.Metrics.PacketDropped(reason, inbound: true);
        packet.Release();
        return true;
    }

    private async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        var buffer = _context.Pool.Rent(frame.Length);
        buffer.Set(frame.Span);
        var end = await _stream.WriteAsync(new[] { buffer }, cancellationToken);
        buffer.Release();
        return end == StreamEnd.None;
    }
}
