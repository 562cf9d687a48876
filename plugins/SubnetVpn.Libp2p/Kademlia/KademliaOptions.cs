using SubnetVpn.Libp2p.Addresses;

namespace SubnetVpn.Libp2p.Kademlia;

/// <summary>Options of a <see cref="Hosting.KademliaService"/>. Not to be changed once it was created.</summary>
public sealed class KademliaOptions
{
    /// <summary>The protocol id, which is the name of the network. Default <c>/subnetvpn/kad/1.0.0</c>.</summary>
    public string Protocol { get; set; } = "/subnetvpn/kad/1.0.0";

    /// <summary>Who is asked first; each with its peer id at the end. Default: nobody.</summary>
    public IReadOnlyList<Multiaddr> Bootstrap { get; set; } = [];

    /// <summary>Requests of one lookup that are under way at once. Default 3.</summary>
    public int Alpha { get; set; } = 3;

    /// <summary>Time for one request, dialling included. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of one lookup before it ends with what it has. Default 200.</summary>
    public int MaxRequestsPerLookup { get; set; } = 200;

    /// <summary>Valid values after which a search ends early. 0: asks all of the nearest peers. Default 5.</summary>
    public int Quorum { get; set; } = 5;

    /// <summary>How long a value or a provider of another peer is kept. Default 48 h, as in the specification.</summary>
    public TimeSpan RecordLifetime { get; set; } = TimeSpan.FromHours(48);

    /// <summary>How often our own values and provider records are stored again. Default 22 h, as in the specification.</summary>
    public TimeSpan RepublishInterval { get; set; } = TimeSpan.FromHours(22);

    /// <summary>How often the routing table is refreshed by lookups. Default 10 min.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often peers not heard of are pinged, what is over is removed, and an empty table is filled again. Default 1 min.</summary>
    public TimeSpan MaintenanceInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a peer counts as alive after it was heard of. Default 5 min.</summary>
    public TimeSpan LivenessGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an inbound stream may be silent. Default 30 s.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What peers may make us keep and do.</summary>
    public KademliaLimits Limits { get; set; } = new();
}
