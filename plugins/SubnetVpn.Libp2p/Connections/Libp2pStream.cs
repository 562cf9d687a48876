using SubnetVpn.Libp2p.Yamux;

namespace SubnetVpn.Libp2p.Connections;

/// <summary>
/// A negotiated stream. One read and one write may be under way at a time, also together; a second one of a kind
/// throws <see cref="InvalidOperationException"/>. <see cref="Reset"/> may be called at any time from any thread.
/// What the peer or the network does is a value, never an exception. Reads and writes allocate nothing.
/// </summary>
public sealed class Libp2pStream : IDisposable
{
    private readonly YamuxStream _stream;

    internal Libp2pStream(YamuxStream stream, Libp2pConnection connection, string protocol)
    {
        _stream = stream;
        Connection = connection;
        Protocol = protocol;
    }

    /// <summary>The protocol both sides agreed on.</summary>
    public string Protocol { get; }

    public Libp2pConnection Connection { get; }

    /// <summary>The number of the stream on its connection.</summary>
    public uint Id => _stream.Id;

    /// <summary>The peer opened it.</summary>
    public bool IsInbound => _stream.IsInbound;

    /// <summary>Why the stream ended, None while it lives. The first reason stays.</summary>
    public StreamEnd End => _stream.End;

    /// <summary>The code the peer reset the stream with. Meaningful when <see cref="End"/> is ResetByPeer.</summary>
    public uint RemoteResetCode => _stream.RemoteResetCode;

    /// <summary>What the peer may have under way to us at most, in bytes. Grows while we read as fast as it sends.</summary>
    public uint ReceiveWindow => _stream.ReceiveWindow;

    /// <summary>
    /// Reads what is there, or waits for it. Completes at once while data is buffered; otherwise data is written
    /// straight into <paramref name="destination"/>, which must stay untouched until the read completes.
    /// An empty destination waits until there is something to read. Cancelling a read loses nothing.
    /// </summary>
    public ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        _stream.ReadAsync(destination, cancellationToken);

    /// <summary>
    /// Writes all segments, together in one frame when they fit into 64 KiB. Completes when the network has taken them;
    /// waits while the peer gives no credit. The memory must stay untouched until then.
    /// A cancelled write resets the stream, because part of it may have been sent; a token that is cancelled before
    /// the call does not. Returns None when all went well, else why the stream ended.
    /// </summary>
    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<ReadOnlyMemory<byte>> segments, CancellationToken cancellationToken) =>
        _stream.WriteAsync(segments, cancellationToken);

    /// <summary>Writes one segment. See the other overload.</summary>
    public ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Finishes writing; the peer reads to the end. Reading goes on. Counts as a write. Safe twice.</summary>
    public ValueTask<StreamEnd> CloseWriteAsync(CancellationToken cancellationToken) => _stream.CloseWriteAsync(cancellationToken);

    /// <summary>Ends both directions at once; what was received and not read is lost. Does nothing when the stream has ended.</summary>
    public void Reset(uint code) => _stream.Reset(code);

    /// <summary>Resets the stream unless it has ended, and gives its memory back.</summary>
    public void Dispose() => _stream.Discard();

    /// <summary>Reads and forgets whatever comes until the peer has finished, the stream has ended, or the token is cancelled.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        byte[] scratch = System.Buffers.ArrayPool<byte>.Shared.Rent(4096);
        while ((await _stream.ReadAsync(scratch, cancellationToken).ConfigureAwait(false)).Count > 0)
        {
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(scratch);
    }
}
