namespace SubnetVpn.Streams;

/// <summary>
/// One stream to one peer: ordered bytes in both directions. For packets, the opener writes and the acceptor reads.
/// Deadlines are set by the cancellation tokens.
/// </summary>
/// <remarks>
/// One reader and one writer at a time; the two are independent. How a stream ends is a value, set once: the first
/// reason wins. Disposal ends both directions: when writing was closed before, what was written still arrives and what the
/// peer still writes is refused; otherwise the stream is reset.
/// </remarks>
public interface IVpnStream : IAsyncDisposable
{
    /// <summary>Who and what it is; never changes.</summary>
    VpnStreamInfo Info { get; }

    /// <summary>
    /// Waits for bytes and takes what is there, as much as fits. Completes at once while bytes are buffered. What follows a wait may run
    /// on a thread that serves many connections: do not block it (await instead).
    /// </summary>
    /// <param name="destination">Where to put them; not empty.</param>
    /// <param name="cancellationToken">Ends the wait with <see cref="OperationCanceledException"/>; no byte is lost.</param>
    /// <returns>How many bytes, or how the stream ended.</returns>
    ValueTask<StreamRead> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Writes the content of each buffer, in order, as one run of bytes; waits while the peer is slow.</summary>
    /// <param name="batch">
    /// The buffers stay the caller's, who may not touch them before the call completes; headroom and content may be overwritten.
    /// </param>
    /// <param name="cancellationToken">
    /// Gives up with <see cref="StreamEnd.Cancelled"/>. Part of the batch may have been sent, so the stream is reset.
    /// </param>
    /// <returns><see cref="StreamEnd.None"/> when the bytes were accepted, else how the stream ended.</returns>
    /// <exception cref="InvalidOperationException">Writing was closed with <see cref="CloseWriteAsync"/>, or another write is going on.</exception>
    ValueTask<StreamEnd> WriteAsync(ReadOnlyMemory<PacketBuffer> batch, CancellationToken cancellationToken);

    /// <summary>Says that no more will be written; the peer reads to the end. Reading goes on. Safe twice.</summary>
    /// <param name="cancellationToken">Gives up with <see cref="OperationCanceledException"/>.</param>
    ValueTask CloseWriteAsync(CancellationToken cancellationToken);

    /// <summary>Ends both directions at once and tells the peer. Safe twice, and from any thread.</summary>
    void Reset();
}
