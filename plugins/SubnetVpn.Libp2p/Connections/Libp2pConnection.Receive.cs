using System.Buffers.Binary;
using SubnetVpn.Libp2p.Noise;
using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>The receive loop. It never waits for a reader: a stream's window bounds what is kept for it.</summary>
public sealed partial class Libp2pConnection
{
    /// <summary>
    /// A quiet connection waits with a buffer of its own, large enough for a frame with one packet; a large one is only taken
    /// when there is more. (A receive of zero bytes would need no buffer, but completes without data now and then: about one
    /// in five times on Linux under load, .NET 10, and then a quiet connection would sit on a large buffer.)
    /// </summary>
    private const int WaitBufferBytes = 2048;

    /// <summary>
    /// What it waits with at first. Enough for the pings of an idle connection, which most are; one that carries packets soon has
    /// had its share of frames that are longer. (3 KB less for an idle peer with two connections.)
    /// </summary>
    private const int FirstWaitBufferBytes = 512;

    /// <summary>So many receives may be too long for the first one: hellos and identify are.</summary>
    private const int MaxLongReceives = 8;

    private byte[] _waitBuffer = [];
    private int _longReceives;
    private long _bytesReceived;

    private async Task ReceiveLoopAsync()
    {
        ConnectionEnd end;
        byte[] buffer = _waitBuffer = new byte[FirstWaitBufferBytes];
        try
        {
            Session.NoteReceived();
            EndOnFault(Take(_upgraded.Received.Span));
            Session.EndBatch();
            int filled = 0;
            while (true)
            {
                int count = await _link.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None).ConfigureAwait(false);
                if (count == 0)
                {
                    end = ConnectionEnd.ClosedByPeer;
                    break;
                }

                Interlocked.Add(ref _bytesReceived, count);
                if (End != ConnectionEnd.None)
                {
                    // Closing: what still comes is only taken so that our last frames are not lost to a TCP reset.
                    filled = 0;
                    continue;
                }

                Session.IsQuiet = buffer == _waitBuffer;
                filled += count;
                bool wasFull = filled == buffer.Length;
                ConnectionEnd fault = Decrypt(buffer, ref filled);
                Session.NoteReceived();
                Session.EndBatch();
                EndOnFault(fault);
                buffer = ChooseBuffer(buffer, filled, wasFull);
            }
        }
        catch (Exception exception) when (SendPump.IsLinkFailure(exception))
        {
            end = ConnectionEnd.ConnectionBroken;
        }
        catch (Exception exception)
        {
            LogReceiveDefect(_context.Logger, exception, RemotePeer);
            end = ConnectionEnd.InternalError;
        }

        if (buffer != _waitBuffer)
        {
            _context.Buffers.Return(buffer);
        }

        _receiveEnded.TrySetResult();
        BeginClose(end, end == ConnectionEnd.InternalError ? YamuxGoAwayCode.InternalError : null);
    }

    /// <summary>What the next bytes go into, behind the <paramref name="filled"/> ones that are left over.</summary>
    private byte[] ChooseBuffer(byte[] buffer, int filled, bool wasFull)
    {
        byte[] small = _waitBuffer;
        if (buffer == small)
        {
            bool fits = filled < NoiseConstants.LengthBytes ||
                NoiseConstants.LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(small) <= small.Length;
            if (filled == 0 || (fits && !wasFull))
            {
                return small;
            }

            byte[] large = _context.Buffers.Rent();
            small.AsSpan(0, filled).CopyTo(large);
            return large;
        }

        if (filled == 0)
        {
            _context.Buffers.Return(buffer);
            if (small.Length < WaitBufferBytes && ++_longReceives > MaxLongReceives)
            {
                _waitBuffer = new byte[WaitBufferBytes];
            }

            return _waitBuffer;
        }

        return buffer;
    }

    private void EndOnFault(ConnectionEnd fault)
    {
        if (fault != ConnectionEnd.None)
        {
            BeginClose(fault, YamuxGoAwayCode.ProtocolError);
        }
    }

    /// <summary>Opens every whole frame in place and moves what is left to the start.</summary>
    private ConnectionEnd Decrypt(byte[] buffer, ref int filled)
    {
        int position = 0;
        while (filled - position >= NoiseConstants.LengthBytes)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(position));
            int start = position + NoiseConstants.LengthBytes;
            if (filled - start < length)
            {
                break;
            }

            Span<byte> message = buffer.AsSpan(start, length);
            if (!_upgraded.Receive.TryOpen(message, []))
            {
                return ConnectionEnd.DecryptFailed;
            }

            ConnectionEnd end = Take(message[..^NoiseConstants.TagBytes]);
            if (end != ConnectionEnd.None)
            {
                return end;
            }

            position = start + length;
        }

        filled -= position;
        if (filled > 0 && position > 0)
        {
            buffer.AsSpan(position, filled).CopyTo(buffer);
        }

        return ConnectionEnd.None;
    }

    private ConnectionEnd Take(ReadOnlySpan<byte> plaintext)
    {
        YamuxFault fault = Session.Receive(plaintext);
        if (fault == YamuxFault.None)
        {
            return ConnectionEnd.None;
        }

        Fault = fault;
        return ConnectionEnd.ProtocolError;
    }
}
