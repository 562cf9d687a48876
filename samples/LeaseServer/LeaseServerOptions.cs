namespace LeaseServer;

/// <summary>The section <c>Leases</c>.</summary>
internal sealed class LeaseServerOptions
{
    /// <summary>Where leases are kept.</summary>
    public string File { get; init; } = "leases.json";

    /// <summary>Where the key is that signs replies; made when there is none.</summary>
    public string KeyFile { get; init; } = "lease-server.key";

    /// <summary>How long a lease holds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The hosts and ports by which clients know this server, such as <c>leases.example.org:443</c>. Empty: those it listens at.</summary>
    public IReadOnlyList<string> Authorities { get; init; } = [];

    /// <summary>Requests of one remote address that are served each second in the long run.</summary>
    public int RequestsPerSecond { get; init; } = 20;

    /// <summary>Those that are served at once.</summary>
    public int Burst { get; init; } = 100;

    /// <summary>The networks by name.</summary>
    public IReadOnlyDictionary<string, NetworkOptions> Networks { get; init; } = new Dictionary<string, NetworkOptions>();
}
