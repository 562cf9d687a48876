using System.Runtime.CompilerServices;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Frames;

/// <summary>Reads frames of the newer protocol from a stream. One caller; each result is valid until the next call.</summary>
/// <remarks>
/// Small frames can be read ahead, as many at once as are there: a packet of 64 bytes then costs a copy instead of two reads of the stream.
/// Large packets are read to where they belong, and so is the header of what follows one.
/// </remarks>
internal sealed class FrameReader(IVpnStream stream, int maxPacketLength)
{
    private const int AheadSize = 2048;
    private const int MaxBody = 4096;

    // Made when they are needed: most streams never get more in the control direction than a hello.
    private byte[] _ahead = [];
    private byte[] _body = [];
    private readonly byte[] _header = new byte[FrameFormat.HeaderSize];
    private int _start;
    private int _count;
    private bool _isBulk;

    /// <summary>Whether it reads ahead. Then nobody else can read the stream after it.</summary>
    public bool ReadsAhead { get; init; }

    /// <summary>How the stream ended; set when <see cref="FillAsync"/> returned false.</summary>
    public StreamEnd End { get; private set; }

    /// <summary>Why the stream cannot be read further; set when <see cref="FillAsync"/> returned false in the middle of a frame.</summary>
    public FrameError Error { get; private set; }

    /// <summary>Called before a wait: what was read so far can be handed on.</summary>
    public Func<ValueTask>? BeforeWait { get; set; }

    /// <summary>Fills the memory, or returns false at the end of the stream.</summary>
    /// <param name="destination">What to fill.</param>
    /// <param name="insideFrame">Whether the end of the stream would cut a frame short.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<bool> FillAsync(Memory<byte> destination, bool insideFrame, CancellationToken cancellationToken)
    {
        if (_count < destination.Length)
            return ReadAsync(destination, insideFrame, cancellationToken);
        Take(destination.Span);
        return new ValueTask<bool>(true);
    }

    /// <summary>Reads the next header; false at the end of the stream or when it is invalid.</summary>
    public ValueTask<(bool Ok, FrameHeader Header)> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (_count < _header.Length)
            return WaitForHeaderAsync(cancellationToken);
        Take(_header);
        return new ValueTask<(bool, FrameHeader)>(ParseHeader());
    }

    /// <summary>Reads a body into a buffer of this reader; bodies longer than 4 KiB are read to the end and dropped.</summary>
    public async ValueTask<(bool Ok, ReadOnlyMemory<byte> Body)> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        if (_body.Length < Math.Min(length, MaxBody))
            _body = new byte[Math.Min(length, MaxBody)];
        var left = length;
        do
        {
            var part = Math.Min(left, _body.Length);
            if (!await FillAsync(_body.AsMemory(0, part), insideFrame: true, cancellationToken))
                return default;
            left -= part;
        }
        while (left > 0);
        return (true, length <= MaxBody ? _body.AsMemory(0, length) : ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>Forgets what was read ahead, for who reads no further.</summary>
    /// <returns>How many whole packets that was.</returns>
    public int Abandon()
    {
        var packets = 0;
        while (_count >= _header.Length)
        {
            Take(_header);
            if (!FrameFormat.TryReadHeader(_header, maxPacketLength, out var header, out _) || _count < header.BodyLength)
                break;
            _start += header.BodyLength;
            _count -= header.BodyLength;
            packets += header.Type is FrameType.Packet or FrameType.OffloadPacket ? 1 : 0;
        }
        _count = 0;
        return packets;
    }

    /// <summary>Reads the next frame of the acceptor's direction, whose bodies are short.</summary>
    public async ValueTask<ControlFrame> ReadControlAsync(CancellationToken cancellationToken)
    {
        var (ok, header) = await ReadHeaderAsync(cancellationToken);
        if (!ok)
            return new ControlFrame(default, default, End, Error);
        if (header.Type is FrameType.Packet or FrameType.OffloadPacket)
            return new ControlFrame(header.Type, default, StreamEnd.None, FrameError.UnexpectedFrame);
        var (complete, body) = await ReadBodyAsync(header.BodyLength, cancellationToken);
        return complete ? new ControlFrame(header.Type, body, StreamEnd.None, FrameError.None) : new ControlFrame(header.Type, default, End, Error);
    }

    /// <summary>Reads and drops bytes; returns at the end of the stream.</summary>
    public async ValueTask<ControlFrame> DiscardAsync(CancellationToken cancellationToken)
    {
        while (await FillAsync(_header.AsMemory(0, 1), insideFrame: false, cancellationToken))
        {
        }
        return new ControlFrame(default, default, End, FrameError.None);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(bool Ok, FrameHeader Header)> WaitForHeaderAsync(CancellationToken cancellationToken) =>
        await ReadAsync(_header, insideFrame: false, cancellationToken) ? ParseHeader() : default;

    private (bool Ok, FrameHeader Header) ParseHeader()
    {
        if (FrameFormat.TryReadHeader(_header, maxPacketLength, out var header, out var error))
            return (true, header);
        Error = error;
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync(Memory<byte> destination, bool insideFrame, CancellationToken cancellationToken)
    {
        // What is no longer than an offload header tells nothing of the packets.
        if (destination.Length > PacketOffload.Size)
            _isBulk = destination.Length >= AheadSize;
        var filled = _count;
        Take(destination.Span[..filled]);
        while (filled < destination.Length)
        {
            var rest = destination[filled..];
            var readsAhead = ReadsAhead && !_isBulk;
            if (readsAhead && _ahead.Length == 0)
                _ahead = new byte[AheadSize];
            var pending = stream.ReadAsync(readsAhead ? _ahead : rest, cancellationToken);
            if (!pending.IsCompleted && BeforeWait is { } before)
            {
                try
                {
                    await before();
                }
                catch
                {
                    // The read still writes into the caller's memory: it must be over before that is given back.
                    stream.Reset();
                    await pending;
                    throw;
                }
            }
            var read = await pending;
            if (read.Count == 0)
            {
                End = read.End;
                if ((insideFrame || filled > 0) && read.End == StreamEnd.Completed)
                    Error = FrameError.Truncated;
                return false;
            }
            var part = read.Count;
            if (readsAhead)
            {
                (_start, _count) = (0, read.Count);
                part = Math.Min(read.Count, rest.Length);
                Take(rest.Span[..part]);
            }
            filled += part;
        }
        return true;
    }

    private void Take(Span<byte> destination)
    {
        _ahead.AsSpan(_start, destination.Length).CopyTo(destination);
        _start += destination.Length;
        _count -= destination.Length;
    }
}
