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
/// A fence waits until the stream that it names delivers no more: see <see cref="StreamOrder"/>.
/// </remarks>
internal sealed class InboundStream : IDisposable
{
    private readonly IVpnStream _stream;
    private readonly InboundContext _context;
    private readonly StreamOrder _order;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FrameReader _reader;
    private readonly InboundGate _gate;
    private readonly TunWriter _writer;
    private readonly byte[] _offload = new byte[PacketOffload.Size];
    private bool _invalidOffload;
    private ulong _number;
    private long _packets;

    public InboundStream(IVpnStream stream, InboundContext context, StreamOrder order)
    {
        _stream = stream;
        _context = context;
        _order = order;
        _writer = new TunWriter(context);
        _gate = new InboundGate(stream.Info.Peer, context);
        _reader = new FrameReader(stream, context.Mtu) { BeforeWait = _writer.FlushAsync, ReadsAhead = true };
    }

    /// <summary>Ends it from outside: what was read is delivered, nothing more is. Under the gate of the order.</summary>
    public Task EndAsync()
    {
        // Not here: callbacks would run under the gate.
        _ = _over.CancelAsync();
        return _completion.Task;
    }

    public void Dispose() => _over.Dispose();

    /// <summary>Runs until the stream ends. Every error of the peer is counted by its name, and resets the stream.</summary>
    public async Task RunAsync(bool isLegacy, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        try
        {
            var error = isLegacy ? await ReadLegacyAsync(either.Token) : await ReadFramesAsync(either.Token);
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
        catch (OperationCanceledException) when (_over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _stream.Reset();
            await _writer.FlushAsync();
        }
        finally
        {
            _writer.Abandon();
            if (_number != 0)
                _order.End(_number, _packets + DropReadAhead());
            _completion.TrySetResult();
        }
    }

    // Behind a fence, say, that was not answered: the peer is told that it came so far, and here it is dropped.
    private int DropReadAhead()
    {
        var packets = _reader.Abandon();
        for (var i = 0; i < packets; i++)
            _context.Metrics.PacketDropped(PacketDropReason.StreamFailed, inbound: true);
        return packets;
    }

    private async Task<FrameError> ReadFramesAsync(CancellationToken cancellationToken)
    {
        if (!await BeginAsync(cancellationToken))
            return _reader.Error;
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
                case FrameType.Hello:
                    if (!HelloCodec.TryDecode(body.Span, out var hello))
                        return FrameError.MalformedHello;
                    _context.Heard(_stream.Info.Peer, hello);
                    if (TryBegin(hello.Number))
                        break;
                    _stream.Reset();
                    return FrameError.None;
                case FrameType.Ping:
                    // A pong says that all before the ping is delivered.
                    await _writer.FlushAsync();
                    // When the stream has ended, the reader says so.
                    await WriteAsync(ControlFrames.Make(FrameType.Pong, body.Span), cancellationToken);
                    break;
                case FrameType.Fence:
                    var number = StreamAccount.DecodeFence(body.Span);
                    if (number == _number)
                        return FrameError.UnexpectedFrame;
                    var account = new StreamAccount(number, await _order.EndAsync(number, cancellationToken));
                    await WriteAsync(ControlFrames.Make(FrameType.Account, account.Encode()), cancellationToken);
                    break;
                case FrameType.Goodbye when !GoodbyeCodec.TryDecode(body.Span, out _):
                    return FrameError.MalformedGoodbye;
                case FrameType.Goodbye:
                    return FrameError.None;
                default:
                    // Unknown types are skipped, so that the protocol can grow.
                    break;
            }
        }
    }

    // In a network with a key nothing is read before the opener has proven that it is a member.
    private async ValueTask<bool> BeginAsync(CancellationToken cancellationToken)
    {
        if (!_context.Exchange.IsPrivate)
            return await WriteAsync(_context.Exchange.OpenHello, cancellationToken);
        if (await _context.Exchange.AdmitAsync(_stream, _reader, cancellationToken) is not { } hello)
            return false;
        _context.Heard(_stream.Info.Peer, hello);
        if (TryBegin(hello.Number))
            return await _context.Exchange.AnswerAsync(_stream, hello, cancellationToken);
        _stream.Reset();
        return false;
    }

    // Only the first hello can name the stream.
    private bool TryBegin(ulong number)
    {
        if (number == 0 || _number != 0)
            return true;
        if (!_order.TryBegin(number, this))
            return false;
        _number = number;
        return true;
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
        _packets++;
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
