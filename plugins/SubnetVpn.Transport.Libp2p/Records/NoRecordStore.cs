using SubnetVpn.Discovery;

namespace SubnetVpn.Transport.Libp2p.Records;

/// <summary>What there is with <c>dht: off</c>: nobody takes a record, and nobody has one.</summary>
internal sealed class NoRecordStore : IRecordStore, IRecordNamespaces, IRecordStoreStatus
{
    public bool IsOff => true;

    public int KnownPeers => 0;

    public ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(0);
    }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<ReadOnlyMemory<byte>>();

    public IDisposable AddValidator(string name, IRecordValidator validator) => new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
