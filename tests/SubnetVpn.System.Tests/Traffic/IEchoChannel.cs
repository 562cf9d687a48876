namespace SubnetVpn.System.Tests.Traffic;

/// <summary>Something that sends payloads to another machine, which returns them.</summary>
internal interface IEchoChannel : IAsyncDisposable
{
    Task SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>The next payload that came back.</summary>
    Task<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken);
}
