namespace SubnetVpn.Core.Hosting.Control;

/// <summary>The paths of the control API. All are read with GET and answer JSON (see <see cref="Contracts"/>).</summary>
public static class ControlPaths
{
    /// <summary>What the node is doing.</summary>
    public const string Status = "/v1/status";

    /// <summary>Its peers.</summary>
    public const string Peers = "/v1/peers";

    /// <summary>The streams that carry its packets.</summary>
    public const string Streams = "/v1/streams";

    /// <summary>Its plugins.</summary>
    public const string Plugins = "/v1/plugins";

    /// <summary>Its counters.</summary>
    public const string Metrics = "/v1/metrics";
}
