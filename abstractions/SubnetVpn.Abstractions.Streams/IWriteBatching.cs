namespace SubnetVpn.Streams;

/// <summary>
/// Companion of <see cref="ITransport"/> for those whose streams share connections: what one thread writes to several
/// streams leaves together. Any thread may use it, each for itself.
/// </summary>
public interface IWriteBatching
{
    /// <summary>
    /// Holds back what this thread begins to write, to any stream of the transport, until <see cref="EndWrites"/>. Such a
    /// write is pending meanwhile, so nothing may be awaited in between.
    /// </summary>
    /// <exception cref="InvalidOperationException">This thread's writes are held back already.</exception>
    void BeginWrites();

    /// <summary>
    /// Sends what was held back. Writes that the network takes at once complete on this thread, their continuations
    /// included, before it returns. Does nothing without <see cref="BeginWrites"/>.
    /// </summary>
    void EndWrites();
}
