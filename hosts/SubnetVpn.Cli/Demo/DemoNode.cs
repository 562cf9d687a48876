using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Cli.Demo;

/// <summary>One of the two nodes: its names, files and addresses.</summary>
internal sealed class DemoNode
{
    private readonly DemoFolder _folder;

    private DemoNode(string name, int number, DemoFolder folder, PeerId peer)
    {
        Name = name;
        _folder = folder;
        Peer = peer;
        Ip4 = $"10.200.0.{number}";
        Ip6 = $"fd00:200::{number}";
    }

    /// <summary><c>a</c> or <c>b</c>.</summary>
    public string Name { get; }

    public PeerId Peer { get; }

    public string Ip4 { get; }

    public string Ip6 { get; }

    public string ConfigurationFile => _folder.File($"{Name}.yaml");

    public string ControlSocket => _folder.File($"{Name}.sock");

    public string HostSocket => _folder.File($"{Name}.host");

    public string LogFile => _folder.File($"{Name}.log");

    /// <summary>Makes a node's identity.</summary>
    public static DemoNode Create(string name, int number, DemoFolder folder)
    {
        using var identity = IdentityFile.Create(folder.File($"{name}.key"));
        return new DemoNode(name, number, folder, identity.Id);
    }

    /// <summary>Writes the node's configuration, which knows one other node.</summary>
    /// <param name="listen">Where it listens, as a multiaddress.</param>
    /// <param name="other">The other node.</param>
    /// <param name="otherAddress">Where the other can be dialled; null when it has to dial this one.</param>
    /// <param name="tun">The keys of the section <c>vpn</c> that are peculiar to the kind of TUN device.</param>
    /// <param name="plugins">The sections of plugins that are peculiar to it.</param>
    public void WriteConfiguration(string listen, DemoNode other, string? otherAddress, string tun, string plugins) => File.WriteAllText(ConfigurationFile, $$"""
        node:
          identity: {{Name}}.key
          listen: ["{{listen}}"]
        control:
          socket: {{Name}}.sock
        vpn:
          virtual_ip: {{Ip4}}
          subnet: 10.200.0.0/24
          virtual_ip6: "{{Ip6}}"
          subnet6: "fd00:200::/64"
          {{tun}}
        plugins:
          {{plugins}}
          discovery.static:
            peers:
              - id: {{other.Peer}}
                addresses: [{{(otherAddress is null ? string.Empty : $"\"{otherAddress}\"")}}]
                virtual_ips: ["{{other.Ip4}}", "{{other.Ip6}}"]
        """);
}
