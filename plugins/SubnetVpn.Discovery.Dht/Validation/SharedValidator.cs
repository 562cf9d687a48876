using System.Collections.Immutable;

namespace SubnetVpn.Discovery.Dht.Validation;

/// <summary>A validator that serves all networks of the node that share a store. Thread-safe.</summary>
/// <typeparam name="TMember">What it needs of each network.</typeparam>
internal abstract class SharedValidator<TMember> : IRecordValidator where TMember : class
{
    private ImmutableArray<TMember> _members = [];

    /// <summary>Whose records it judges.</summary>
    public abstract string Namespace { get; }

    /// <summary>The networks that it serves, in the order in which they came.</summary>
    protected ImmutableArray<TMember> Members => _members;

    /// <summary>Serves another network.</summary>
    public void Add(TMember member) => ImmutableInterlocked.Update(ref _members, static (members, added) => members.Add(added), member);

    /// <summary>Serves it no longer; returns how many are left.</summary>
    public int Remove(TMember member)
    {
        ImmutableInterlocked.Update(ref _members, static (members, gone) => members.Remove(gone), member);
        return _members.Length;
    }

    /// <inheritdoc/>
    public abstract bool IsValid(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value);

    /// <inheritdoc/>
    public abstract int SelectBest(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values);
}
