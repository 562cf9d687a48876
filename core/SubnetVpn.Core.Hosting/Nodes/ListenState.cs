namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>Where the transport listens, for networks that start after it does. Thread-safe.</summary>
internal sealed class ListenState
{
    private volatile IReadOnlyList<string> _addresses = [];

    /// <summary>The addresses with the real ports; empty until it listens.</summary>
    public IReadOnlyList<string> Addresses
    {
        get => _addresses;
        set => _addresses = value;
    }
}
