using SubnetVpn.Discovery;

namespace SubnetVpn.Transport.Libp2p;

/// <content>The record store of the node: the hash table that its section names, and others that are asked for.</content>
public sealed partial class Libp2pTransport : IRecordStore, IRecordNamespaces, IRecordStoreFactory, IRecordStoreStatus
{
    private static readonly RecordStoreSettings s_default = new();

    /// <inheritdoc/>
    public bool IsOff => _records.IsOff;

    /// <inheritdoc/>
    public int KnownPeers => _records.KnownPeers;

    /// <inheritdoc/>
    public ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        _records.Open(s_default).PutAsync(key, value, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        _records.Open(s_default).GetAsync(key, cancellationToken);

    /// <inheritdoc/>
    public IDisposable AddValidator(string name, IRecordValidator validator) =>
        ((IRecordNamespaces)_records.Open(s_default)).AddValidator(name, validator);

    /// <inheritdoc/>
    public IRecordStore Open(RecordStoreSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return _records.Open(settings);
    }
}
