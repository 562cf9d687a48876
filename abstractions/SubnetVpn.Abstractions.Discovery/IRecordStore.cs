namespace SubnetVpn.Discovery;

/// <summary>
/// A store of small records shared by many nodes, such as a distributed hash table. A transport may offer it, so that
/// discovery need not know the transport. Thread-safe.
/// </summary>
public interface IRecordStore
{
    /// <summary>Stores a record where others find it.</summary>
    /// <param name="key">At most 256 bytes; copied.</param>
    /// <param name="value">At most 8 KiB; copied. Sign what must not be forged: anyone may store.</param>
    /// <param name="cancellationToken">Abandons it with <see cref="OperationCanceledException"/>.</param>
    /// <returns>How many nodes took it; 0 means that it failed.</returns>
    ValueTask<int> PutAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Fetches what the store holds under a key; several nodes may hold different values.</summary>
    /// <param name="key">At most 256 bytes.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    IAsyncEnumerable<ReadOnlyMemory<byte>> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken);
}
