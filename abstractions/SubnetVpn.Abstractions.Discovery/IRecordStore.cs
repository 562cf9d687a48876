namespace SubnetVpn.Discovery;

/// <summary>
/// A store of small records shared by many nodes, such as a distributed hash table. A transport may offer it, so that
/// discovery need not know the transport. Thread-safe.
/// </summary>
/// <remarks>
/// A store whose nodes judge what they keep also is an <see cref="IRecordNamespaces"/>; one that can be in several networks, an
/// <see cref="IRecordStoreFactory"/>; one that knows how it stands, an <see cref="IRecordStoreStatus"/>.
/// </remarks>
public interface IRecordStore
{
    /// <summary>Stores a record where others find it.</summary>
    /// <param name="key">At most 256 bytes; copied.</param>
    /// <param name="value">At most 8 KiB; copied. Sign what must not be forged: anyone may store.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>How many nodes took it; 0 means that it failed.</returns>
    /// <exception cref="ArgumentException">The key or the value is too long, or the validator of its namespace does not take it.</exception>
    ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Fetches what the store holds under a key; several nodes may hold different values. Where there is a validator: the best first, each once.</summary>
    /// <param name="key">At most 256 bytes.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);
}
