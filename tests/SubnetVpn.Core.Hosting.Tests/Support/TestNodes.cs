using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting.Tests.Support;

/// <summary>Configurations of nodes that need no rights: memory TUNs, libp2p on the loopback device.</summary>
internal static class TestNodes
{
    public const string Strategies = "strategies: { tun: memory }";

    /// <summary>Node a of two, or the only one.</summary>
    public static string Alone(string vpn = "", string plugins = "") => $$"""
        node: { identity: a.key, listen: ["/ip4/127.0.0.1/tcp/0"] }
        control: { socket: a.sock }
        vpn:
          virtual_ip: 10.77.0.1
          subnet: 10.77.0.0/24
          {{Strategies}}
          {{vpn}}
        plugins:
          {{plugins}}
          discovery.static: { peers: [] }
        """;

    /// <summary>A peer at whose address nobody listens.</summary>
    public const string DeadPeer = "12D3KooWMeubyRFbMB7Y2cUGLgcWjPENJKfUL3pdvbKoATh6puwG";

    /// <summary>A node that knows one peer, which is dead: its breaker opens with the first failure, and stays open.</summary>
    public static string WithDeadPeer() => $$"""
        node: { identity: a.key, listen: ["/ip4/127.0.0.1/tcp/0"] }
        control: { socket: a.sock }
        vpn:
          virtual_ip: 10.77.0.1
          subnet: 10.77.0.0/24
          {{Strategies}}
          retry_max_attempts: 1
          circuit_breaker_failure_threshold: 1
          circuit_breaker_reset_timeout: 10m
        plugins:
          discovery.static:
            peers:
              - id: {{DeadPeer}}
                # Port 1 (tcpmux) of the loopback device: refused at once.
                addresses: ["/ip4/127.0.0.1/tcp/1"]
                virtual_ips: ["10.77.0.9"]
        """;

    public static NodePlan Plan(TemporaryFolder folder, string yaml, params string[] overrides) =>
        NodePlan.Make(new ConfigurationInputs { File = folder.Write("node.yaml", yaml), Overrides = overrides });
}
