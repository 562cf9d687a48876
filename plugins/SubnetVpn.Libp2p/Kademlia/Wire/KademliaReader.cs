using System.Buffers;
using SubnetVpn.Libp2p.Connections;
using SubnetVpn.Libp2p.Encoding;

namespace SubnetVpn.Libp2p.Kademlia.Wire;

/// <summary>Takes the messages of one stream, one after the other. Holds no more than one message and what came behind it.</summary>
internal sealed class KademliaReader(Libp2pStream stream, int maxBytes) : IDisposable
{
    private const int InitialBytes = 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
    private int _filled;

    /// <summary>What a read came to.</summary>
    public enum Outcome
    {
        Message,
        EndOfStream,
        Refused,
        Lost,
    }

    /// <summary>The next message; or the end between two messages; or why there is none.</summary>
    public async ValueTask<(Outcome Outcome, KademliaMessage? Message, KademliaRefusal Refusal)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            KademliaRefusal refusal = TryTake(out KademliaMessage? message);
            if (refusal != KademliaRefusal.None)
            {
                return (Outcome.Refused, null, refusal);
            }

            if (message is not null)
            {
                return (Outcome.Message, message, KademliaRefusal.None);
            }

            Grow();
            StreamRead read = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
            if (read.Count == 0)
            {
                return read.End == StreamEnd.Cancelled ? (Outcome.Refused, null, KademliaRefusal.TimedOut)
                    : read.End != StreamEnd.Completed ? (Outcome.Lost, null, KademliaRefusal.None)
                    : _filled == 0 ? (Outcome.EndOfStream, null, KademliaRefusal.None)
                    : (Outcome.Refused, null, KademliaRefusal.Malformed);
            }

            _filled += read.Count;
        }
    }

    /// <summary>Whether a message has begun.</summary>
    public bool IsInsideMessage => _filled > 0;

    /// <summary>Gives the buffer back; no read is under way.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private KademliaRefusal TryTake(out KademliaMessage? message)
    {
        message = null;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _filled);
        OperationStatus status = Uvarint.Read(bytes, out ulong length, out int prefix);
        if (status != OperationStatus.Done)
        {
            return status == OperationStatus.InvalidData ? KademliaRefusal.Malformed : KademliaRefusal.None;
        }

        if (length > (ulong)maxBytes)
        {
            return KademliaRefusal.TooLarge;
        }

        int end = prefix + (int)length;
        if (_filled < end)
        {
            return KademliaRefusal.None;
        }

        KademliaRefusal refusal = KademliaCodec.TryDecode(bytes[prefix..end], out message);
        _buffer.AsSpan(end, _filled - end).CopyTo(_buffer);
        _filled -= end;
        return refusal;
    }

    private void Grow()
    {
        // Doubling as bytes come: a length alone makes nobody allocate.
        if (_filled < _buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
