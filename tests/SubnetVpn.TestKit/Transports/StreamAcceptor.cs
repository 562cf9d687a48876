using System.Threading.Channels;
using SubnetVpn.Streams;

namespace SubnetVpn.TestKit.Transports;

/// <summary>A handler that hands streams to the test and keeps them open until it is disposed of, or the transport is.</summary>
public sealed class StreamAcceptor : IDisposable
{
    private const int MaxWaiting = 1024;
    private readonly Channel<IVpnStream> _streams = Channel.CreateBounded<IVpnStream>(MaxWaiting);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDisposable _registration;

    /// <summary>Begins to take streams.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="protocol">The protocol id.</param>
    public StreamAcceptor(ITransport transport, string protocol)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _registration = transport.HandleStreams(protocol, HandleAsync);
    }

    /// <summary>The next stream that a peer opened.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<IVpnStream> NextAsync(CancellationToken cancellationToken) => _streams.Reader.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _released.TrySetResult();
    }

    private async Task HandleAsync(IVpnStream stream, CancellationToken cancellationToken)
    {
        await _streams.Writer.WriteAsync(stream, cancellationToken);
        await _released.Task.WaitAsync(cancellationToken);
    }
}
