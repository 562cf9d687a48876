namespace SubnetVpn.Core.Hosting.Control;

/// <summary>
/// The paths of the control API. They answer JSON (see <see cref="Contracts"/>) but for <see cref="Prometheus"/>, to GET unless they
/// say otherwise.
/// </summary>
public static class ControlPaths
{
    /// <summary>What the node is doing.</summary>
    public const string Status = "/v1/status";

    /// <summary>Its peers.</summary>
    public const string Peers = "/v1/peers";

    /// <summary>The streams that carry its packets.</summary>
    public const string Streams = "/v1/streams";

    /// <summary>Closes the circuit breakers of a peer by hand: POST without a body; <c>{peer}</c> is a peer id or a virtual IP.</summary>
    public const string ResetPeer = "/v1/peers/{peer}/reset";

    /// <summary>
    /// Who holds a virtual IP, by each discovery source and by what the node uses; <c>?network=NAME</c> asks one network alone.
    /// 422 when it is no address, or one of no network.
    /// </summary>
    public const string Resolve = "/v1/resolve/{ip}";

    /// <summary>Its plugins.</summary>
    public const string Plugins = "/v1/plugins";

    /// <summary>Its metrics.</summary>
    public const string Metrics = "/v1/metrics";

    /// <summary>The same in the text format of Prometheus, or of OpenMetrics for who asks for that.</summary>
    public const string Prometheus = "/metrics";

    /// <summary>
    /// POST: reads the configuration again. With <c>?restart=true</c> networks that need it are restarted. 422 when the
    /// configuration is wrong, 500 when a network did not start anew; the answer is of the same form.
    /// </summary>
    public const string Reload = "/v1/reload";

    /// <summary>POST: ends the node and its process, after the answer. 422 when the process is not the node's own.</summary>
    public const string Stop = "/v1/stop";
}
