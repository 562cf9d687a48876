using System.Runtime.CompilerServices;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Frames;

/// <summary>Reads frames of the newer protocol from a stream. One caller; each result is valid until the next call.</summary>
internal sealed class FrameReader(IVpnStream stream, int maxPacketLength)
{
    private const int ScratchSize = 4096;

    // Made when a body comes: most streams never get one in the control direction but a hello.
    private byte[] _scratch = [];
    private readonly byte[] _header = new byte[FrameFormat.HeaderSize];

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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync(Memory<byte> destination, bool insideFrame, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < destination.Length)
        {
            var pending = stream.ReadAsync(destination[filled..], cancellationToken);
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
            filled += read.Count;
        }
        return true;
    }

    /// <summary>Reads the next header; false at the end of the stream or when it is invalid.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(bool Ok, FrameHeader Header)> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(_header, insideFrame: false, cancellationToken))
            return default;
        if (FrameFormat.TryReadHeader(_header, maxPacketLength, out var header, out var error))
            return (true, header);
        Error = error;
        return default;
    }

    /// <summary>Reads a body into the scratch buffer; bodies longer than it are read to the end and dropped.</summary>
    public async ValueTask<(bool Ok, ReadOnlyMemory<byte> Body)> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        if (_scratch.Length == 0 && length > 0)
            _scratch = new byte[ScratchSize];
        var left = length;
        do
        {
            var part = Math.Min(left, ScratchSize);
            if (!await FillAsync(_scratch.AsMemory(0, part), insideFrame: true, cancellationToken))
                return default;
            left -= part;
        }
        while (left > 0);
        return (true, length <= ScratchSize ? _scratch.AsMemory(0, length) : ReadOnlyMemory<byte>.Empty);
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
}
