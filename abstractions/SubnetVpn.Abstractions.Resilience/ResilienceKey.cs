namespace SubnetVpn.Resilience;

/// <summary>What a resilience policy keeps state for: an operation on a target.</summary>
/// <param name="Operation">A short name from a bounded set, such as <c>open_stream</c>.</param>
/// <param name="Target">What it acts on, such as a peer id; empty for operations without a target.</param>
public readonly record struct ResilienceKey(string Operation, string Target)
{
    /// <summary>An operation on a peer.</summary>
    /// <param name="operation">A short name from a bounded set.</param>
    /// <param name="peer">The peer.</param>
    public static ResilienceKey ForPeer(string operation, PeerId peer) => new(operation, peer.ToString());

    /// <summary>For example <c>open_stream/12D3KooW…</c>.</summary>
    public override string ToString() => Target.Length == 0 ? Operation : $"{Operation}/{Target}";
}
