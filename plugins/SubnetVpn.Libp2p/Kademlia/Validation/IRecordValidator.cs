namespace SubnetVpn.Libp2p.Kademlia.Validation;

/// <summary>Judges the values of one namespace: the first part of a key, <c>pk</c> in <c>/pk/…</c>. Called from several threads; must not throw.</summary>
public interface IRecordValidator
{
    /// <summary>Whether a value may stand under a key now. What is not valid is neither stored nor returned.</summary>
    bool Validate(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value);

    /// <summary>The index of the best of at least one valid value. Called while a store is locked: fast, without I/O.</summary>
    int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values);
}
