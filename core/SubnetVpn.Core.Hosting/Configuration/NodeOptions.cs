namespace SubnetVpn.Core.Hosting.Configuration;

/// <summary>The section <c>node:</c> – who this node is, and where it listens.</summary>
public sealed class NodeOptions
{
    /// <summary>
    /// The file with the node's key. It is made on first start with mode 0600. A relative path counts from the folder of the
    /// configuration file. Default: <c>identity.key</c>.
    /// </summary>
    public string Identity { get; set; } = "identity.key";

    /// <summary>
    /// Multiaddresses to listen on; an empty list only dials, port 0 lets the system choose. Default: TCP port 4001 of every
    /// address, IPv4 and IPv6.
    /// </summary>
    public IReadOnlyList<string> Listen { get; set; } = ["/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001"];
}
