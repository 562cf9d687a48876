namespace SubnetVpn.Discovery;

/// <summary>Companion of <see cref="IRecordStore"/> for those that know how they stand. Ask for it with <c>is</c>. Thread-safe.</summary>
public interface IRecordStoreStatus
{
    /// <summary>Whether the operator switched it off: it stores and finds nothing, now and later.</summary>
    bool IsOff { get; }

    /// <summary>Other nodes that it knows now. While there is none, what is stored is stored on this node at most.</summary>
    int KnownPeers { get; }
}
