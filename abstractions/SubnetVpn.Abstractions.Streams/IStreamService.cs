namespace SubnetVpn.Streams;

/// <summary>Opens streams that carry packets of a network, outside its pool. Thread-safe.</summary>
/// <remarks>
/// In a network with a key the hellos were exchanged on a stream when the caller gets it, and the peer has proven that it holds the
/// key; elsewhere nothing was written to it yet.
/// </remarks>
public interface IStreamService
{
    /// <summary>Opens a stream to a peer of the network, finding its addresses first.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The stream, which the caller disposes of, or why there is none.</returns>
    ValueTask<OpenStreamResult> CreateVpnStreamAsync(PeerId peer, CancellationToken cancellationToken);
}
