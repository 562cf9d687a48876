namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>The section <c>strategies:</c> of a network: which plugins' strategies it is composed of, by name.</summary>
public sealed class StrategyOptions
{
    /// <summary>What opens streams to peers; the same for all networks of a node. Default: <c>libp2p</c>.</summary>
    public string Transport { get; set; } = "libp2p";

    /// <summary>What maps virtual IPs to peers: a list asked in turn, or a single name. Default: <c>static</c>.</summary>
    public IReadOnlyList<string> Discovery { get; set; } = ["static"];

    /// <summary>What says who may hold which virtual IP; its word is final. Default: none, then nobody says so.</summary>
    public string? Registry { get; set; }

    /// <summary>What makes the TUN device; <c>auto</c> takes the first that supports this system. Default: <c>auto</c>.</summary>
    public string Tun { get; set; } = AutoTun;

    /// <summary>What picks the stream for a flow. Default: <c>sticky</c>.</summary>
    public string Scheduler { get; set; } = "sticky";

    /// <summary>What guards fallible operations. Default: <c>polly</c>.</summary>
    public string Resilience { get; set; } = "polly";

    /// <summary>The value of <see cref="Tun"/> that leaves the choice to the host.</summary>
    internal const string AutoTun = "auto";
}
