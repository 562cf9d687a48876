namespace SubnetVpn.Discovery.Dht.Validation;

/// <summary>A validator that serves all networks of the node that share a store. Thread-safe.</summary>
/// <typeparam name="TMember">What it needs of each network.</typeparam>
internal interface ISharedValidator<TMember> : IRecordValidator
{
    /// <summary>Whose records it judges.</summary>
    string Namespace { get; }

    /// <summary>Serves another network.</summary>
    void Add(TMember member);

    /// <summary>Serves it no longer; returns how many are left.</summary>
    int Remove(TMember member);
}
