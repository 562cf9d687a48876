using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Tests.Support;

namespace SubnetVpn.Core.Hosting.Tests.Configuration;

/// <summary>One row a mistake: what is written, and what the user is told.</summary>
public sealed class ConfigurationMistakeTests
{
    private const string Base = "virtual_ip: 10.0.0.1, subnet: 10.0.0.0/24";

    [Theory]
    // Unknown and malformed keys.
    [InlineData("vpn: {" + Base + ", rotes: []}", "vpn:rotes: '': is an unknown key. Did you mean 'routes'?")]
    [InlineData("vpn: {" + Base + ", MTU: 1400, max_stream_per_peer: 3}", "vpn:max_stream_per_peer: '3': is an unknown key. Did you mean 'max_streams_per_peer'?")]
    [InlineData("vpn: {" + Base + "}\nvnp: {mtu: 1}", "vnp: is an unknown section. Did you mean 'vpn'?")]
    [InlineData("vpn: {" + Base + "}\ncontrol: {dashboard: 1}", "control:dashboard: '1': is an unknown key.")]
    [InlineData("vpn: {" + Base + "}\nnode: {listen: [], port: 1}", "node:port: '1': is an unknown key.")]
    [InlineData("vpn: {" + Base + ", strategies: {transprt: x}}", "vpn:strategies:transprt: 'x': is an unknown key. Did you mean 'transport'?")]
    [InlineData("node: {}", "vpn: is missing: describe a network under vpn:, or several under networks:.")]
    [InlineData("vpn: text", "vpn: 'text': must be a map of keys and values.")]
    // MTU.
    [InlineData("vpn: {" + Base + ", mtu: 575}", "vpn:mtu: '575': must be 576 to 9000.")]
    [InlineData("vpn: {" + Base + ", mtu: 9001}", "vpn:mtu: '9001': must be 576 to 9000.")]
    [InlineData("vpn: {" + Base + ", mtu: many}", "vpn:mtu: 'many': must be a whole number")]
    [InlineData("vpn: {virtual_ip6: 'fd00::1', mtu: 1279}", "vpn:mtu: '1279': must be at least 1280 with virtual_ip6")]
    // Addresses.
    [InlineData("vpn: {mtu: 1400}", "vpn:virtual_ip: is missing: set virtual_ip (such as 10.0.0.1), virtual_ip6 (such as fd00::1), or both; 'auto' lets the node choose.")]
    [InlineData("vpn: {virtual_ip: 10.0.1.1, subnet: 10.0.0.0/24}", "vpn:virtual_ip: '10.0.1.1': is not in subnet 10.0.0.0/24.")]
    [InlineData("vpn: {virtual_ip: 10.0.0.0, subnet: 10.0.0.0/24}", "vpn:virtual_ip: '10.0.0.0': is the network address of subnet 10.0.0.0/24; choose one between.")]
    [InlineData("vpn: {virtual_ip: 10.0.0.255, subnet: 24}", "vpn:virtual_ip: '10.0.0.255': is the broadcast address of subnet 10.0.0.0/24; choose one between.")]
    [InlineData("vpn: {virtual_ip6: 'fd00::', subnet6: 'fd00::/64'}", "vpn:virtual_ip6: 'fd00::': is the network address of subnet6 fd00::/64")]
    [InlineData("vpn: {virtual_ip: 10.0.0.1, subnet: 10.0.0.0/33}", "vpn:subnet: '10.0.0.0/33': must be an IPv4 CIDR such as 10.0.0.0/24.")]
    [InlineData("vpn: {virtual_ip: 10.0.0.1, subnet: 33}", "vpn:subnet: '33': must be a CIDR such as 10.0.0.0/24, or its length alone: 1 to 32.")]
    [InlineData("vpn: {virtual_ip: 10.0.0.1, subnet: 10.0.0.0}", "vpn:subnet: '10.0.0.0': must be a CIDR")]
    [InlineData("vpn: {virtual_ip: 10.0.0.1, subnet: 10.0.0.1/24}", "vpn:subnet: '10.0.0.1/24': has host bits set; the network is 10.0.0.0/24.")]
    [InlineData("vpn: {virtual_ip: 10.0.0.1, subnet: 'fd00::/64'}", "vpn:subnet: 'fd00::/64': must be an IPv4 CIDR")]
    [InlineData("vpn: {virtual_ip: 10.0.0.256}", "vpn:virtual_ip: '10.0.0.256': must be an IPv4 address such as 10.0.0.1, or auto.")]
    [InlineData("vpn: {virtual_ip: 'fd00::1'}", "vpn:virtual_ip: 'fd00::1': must be an IPv4 address such as 10.0.0.1, or auto.")]
    [InlineData("vpn: {virtual_ip6: 10.0.0.1}", "vpn:virtual_ip6: '10.0.0.1': must be an IPv6 address such as fd00::1, or auto.")]
    [InlineData("vpn: {virtual_ip: 224.0.0.1}", "vpn:virtual_ip: '224.0.0.1': must be a unicast address")]
    [InlineData("vpn: {virtual_ip: 127.0.0.1}", "vpn:virtual_ip: '127.0.0.1': must be a unicast address")]
    [InlineData("vpn: {virtual_ip: 169.254.1.1}", "vpn:virtual_ip: '169.254.1.1': must be a unicast address")]
    [InlineData("vpn: {virtual_ip6: 'fe80::1'}", "vpn:virtual_ip6: 'fe80::1': must be a unicast address")]
    // Routes and ports.
    [InlineData("vpn: {" + Base + ", routes: [10.1.0.0/16, 10.300.0.0/16]}", "vpn:routes:1: '10.300.0.0/16': must be a CIDR such as 10.0.0.0/24.")]
    [InlineData("vpn: {" + Base + ", routes: [10.1.2.3]}", "vpn:routes:0: '10.1.2.3': must be a CIDR")]
    [InlineData("vpn: {" + Base + ", routes: 10.1.0.1/16}", "vpn:routes:0: '10.1.0.1/16': has host bits set; the network is 10.1.0.0/16.")]
    [InlineData("vpn: {" + Base + ", routes: [0.0.0.0/0]}", "vpn:routes:0: '0.0.0.0/0': a default route would")]
    [InlineData("vpn: {virtual_ip: auto}", "vpn:subnet: '8': must be a CIDR such as 10.0.0.0/24: with 'virtual_ip: auto' there is no address to count it from.")]
    [InlineData("vpn: {virtual_ip: auto, subnet: 24}", "vpn:subnet: '24': must be a CIDR such as 10.0.0.0/24: with 'virtual_ip: auto'")]
    [InlineData("vpn: {virtual_ip: auto, subnet: 10.0.0.1/24}", "vpn:subnet: '10.0.0.1/24': has host bits set; the network is 10.0.0.0/24.")]
    [InlineData("vpn: {virtual_ip: auto, subnet: 8.0.0.0/7}", "vpn:subnet: '8.0.0.0/7': must be a /8 or smaller with 'virtual_ip: auto'.")]
    [InlineData("vpn: {virtual_ip: auto, subnet: 169.0.0.0/8}", "vpn:subnet: '169.0.0.0/8': must be of unicast addresses")]
    [InlineData("vpn: {virtual_ip: auto, subnet: 224.0.1.0/24}", "vpn:subnet: '224.0.1.0/24': must be of unicast addresses")]
    [InlineData("vpn: {virtual_ip: Auto, subnet: 10.0.0.0/24}", "vpn:virtual_ip: 'Auto': must be an IPv4 address such as 10.0.0.1, or auto.")]
    [InlineData("vpn: {virtual_ip6: auto, subnet6: 48}", "vpn:subnet6: '48': must be a CIDR such as fd00::/64 with 'virtual_ip6: auto', or be left out.")]
    [InlineData("vpn: {virtual_ip6: auto, subnet6: 'fd00::/65'}", "vpn:subnet6: 'fd00::/65': must be a /8 to /64 with 'virtual_ip6: auto'")]
    [InlineData("vpn: {virtual_ip6: auto, subnet6: 'fe80::/64'}", "vpn:subnet6: 'fe80::/64': must be of unicast addresses")]
    [InlineData("vpn: {virtual_ip6: auto, mtu: 1279}", "vpn:mtu: '1279': must be at least 1280 with virtual_ip6")]
    [InlineData("vpn: {virtual_ip6: auto, routes: [10.9.0.0/16]}", "vpn:routes:0: '10.9.0.0/16': needs an address of its family: set virtual_ip.")]
    [InlineData("vpn: {" + Base + ", routes: ['fd00::/8']}", "vpn:routes:0: 'fd00::/8': needs an address of its family: set virtual_ip6.")]
    [InlineData("vpn: {" + Base + ", unallowed_ports: [22, 0]}", "vpn:unallowed_ports:1: '0': must be a port: 1 to 65535.")]
    [InlineData("vpn: {" + Base + ", unallowed_ports: ['65536']}", "vpn:unallowed_ports:0: '65536': must be a port: 1 to 65535.")]
    [InlineData("vpn: {" + Base + ", unallowed_ports: [ssh]}", "vpn:unallowed_ports:0: 'ssh': must be a port: 1 to 65535.")]
    // Names.
    [InlineData("vpn: {" + Base + ", tun_name: a-name-too-long1}", "vpn:tun_name: 'a-name-too-long1': must be 1 to 15 bytes")]
    [InlineData("vpn: {" + Base + ", tun_name: a/b}", "vpn:tun_name: 'a/b': must be 1 to 15 bytes")]
    [InlineData("vpn: {" + Base + ", protocol: vpn}", "vpn:protocol: 'vpn': must be a protocol id such as /vpn/1.0.0")]
    [InlineData("vpn: {" + Base + ", protocol: /vpn/2.0.0}", "vpn:protocol: '/vpn/2.0.0': names the original wire format and must not begin with /vpn/2.0.0")]
    [InlineData("vpn: {" + Base + ", strategies: {discovery: []}}", "vpn:strategies:discovery: '': must name at least one strategy")]
    [InlineData("vpn: {" + Base + ", strategies: {discovery: [static, static]}}", "vpn:strategies:discovery:1: 'static': stands in the list twice.")]
    // Limits.
    [InlineData("vpn: {" + Base + ", max_streams_per_peer: 2, min_streams_per_peer: 3}", "vpn:min_streams_per_peer: '3': must not be above max_streams_per_peer (2).")]
    [InlineData("vpn: {" + Base + ", max_streams_per_peer: 0, min_streams_per_peer: 0}", "vpn:max_streams_per_peer: '0': must be 1 to 100.")]
    [InlineData("vpn: {" + Base + ", packet_buffer_size: 0}", "vpn:packet_buffer_size: '0': must be 1 to 65536.")]
    [InlineData("vpn: {" + Base + ", stream_idle_timeout: 60}", "vpn:cleanup_interval: '00:01:00': must be shorter than stream_idle_timeout (00:01:00).")]
    [InlineData("vpn: {" + Base + ", worker_idle_timeout: 5s, worker_cleanup_interval: 1m}", "vpn:worker_cleanup_interval: '00:01:00': must be shorter than worker_idle_timeout (00:00:05).")]
    [InlineData("vpn: {" + Base + ", retry_max_interval: 1}", "vpn:retry_max_interval: '00:00:01': must be longer than retry_initial_interval (00:00:01).")]
    [InlineData("vpn: {" + Base + ", retry_initial_interval: 0}", "vpn:retry_initial_interval: '00:00:00': must be longer than 0 and at most 24 days.")]
    [InlineData("vpn: {" + Base + ", cleanup_interval: 30 s}", "vpn:cleanup_interval: '30 s': ")]
    [InlineData("vpn: {" + Base + ", circuit_breaker_failure_threshold: -1}", "vpn:circuit_breaker_failure_threshold: '-1': must be 1 to 1000.")]
    [InlineData("vpn: {" + Base + ", usage_count_weight: 1.5}", "vpn:usage_count_weight: '1.5': must be 0 to 1.")]
    [InlineData("vpn: {" + Base + ", buffer_util_threshold: 101}", "vpn:buffer_util_threshold: '101': must be 1 to 100.")]
    [InlineData("vpn: {" + Base + ", health_check_timeout: 30}", "vpn:health_check_timeout: '00:00:30': must be shorter than health_check_interval (00:00:30).")]
    [InlineData("vpn: {" + Base + ", enable: maybe}", "vpn:enable: 'maybe': must be true or false.")]
    // Listen addresses and the socket.
    [InlineData("vpn: {" + Base + "}\nnode: {listen: [0.0.0.0:4001]}", "node:listen:0: '0.0.0.0:4001': must be a multiaddress such as /ip4/0.0.0.0/tcp/4001: it begins with '/'.")]
    [InlineData("vpn: {" + Base + "}\nnode: {listen: [/ip4/0.0.0.0/tcp/65536]}", "node:listen:0: '/ip4/0.0.0.0/tcp/65536': '65536' is not a port: 0 to 65535.")]
    [InlineData("vpn: {" + Base + "}\nnode: {listen: [/ip4/1.2.3/tcp/1]}", "'1.2.3' is not an IPv4 address.")]
    [InlineData("vpn: {" + Base + "}\nnode: {listen: [/ipv4/1.2.3.4/tcp/1]}", "'ipv4' is no part of a multiaddress; did you mean 'ip4'?")]
    [InlineData("vpn: {" + Base + "}\nnode: {listen: [/ip4/1.2.3.4/tcp]}", "'tcp' needs a value behind it, such as /tcp/4001.")]
    [InlineData("vpn: {" + Base + "}\ncontrol: {socket: /tmp/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789.sock}", "control:socket: ")]
    // Plugins.
    [InlineData("vpn: {" + Base + "}\nplugins: {disabled: [No Id]}", "plugins:disabled:0: 'No Id': must be the id of a plugin")]
    // Several networks.
    [InlineData("networks: {A: {" + Base + "}}", "networks:A: is no name for a network")]
    [InlineData("vpn: {" + Base + "}\nnetworks: {default: {virtual_ip: 10.1.0.1, subnet: 16}}", "networks:default: 'default' is the network under vpn:")]
    [InlineData("vpn: {" + Base + "}\nnetworks: {b: {virtual_ip: 10.0.0.9, subnet: 10.0.0.0/28}}", "networks:b:subnet: '10.0.0.0/28': overlaps with 10.0.0.0/24 of vpn.")]
    [InlineData("vpn: {" + Base + "}\nnetworks: {b: {virtual_ip: auto, subnet: 10.0.0.0/28}}", "networks:b:subnet: '10.0.0.0/28': overlaps with 10.0.0.0/24 of vpn.")]
    [InlineData("vpn: {virtual_ip6: auto, subnet6: 'fd00::/48'}\nnetworks: {b: {virtual_ip6: auto, subnet6: 'fd00::/64'}}", "networks:b:subnet6: 'fd00::/64': overlaps with fd00::/48 of vpn.")]
    [InlineData("vpn: {" + Base + ", tun_name: t0}\nnetworks: {b: {virtual_ip: 10.1.0.9, subnet: 24, tun_name: t0}}", "networks:b:tun_name: 't0': is also the TUN device of vpn")]
    [InlineData("vpn: {" + Base + "}\nnetworks: {b: {virtual_ip: 10.1.0.9, subnet: 24, protocol: /vpn/1.0.0}}", "networks:b:protocol: '/vpn/1.0.0': is also the protocol of vpn")]
    [InlineData("vpn: {" + Base + "}\nnetworks: {b: {virtual_ip: 10.1.0.9, subnet: 24, strategies: {transport: x}}}", "networks:b:strategies:transport: 'x': differs from vpn (libp2p); a node has one transport.")]
    public void Load_WithAMistake_TellsPathValueAndRule(string yaml, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("node.yaml", yaml);

        var exception = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(new ConfigurationInputs { File = file }));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithSeveralMistakes_TellsAllOfThemWithTheirPlaces()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("node.yaml", """
            node:
              listen: [/ip4/0.0.0.0/tcp/4001]
              listen: []
            vpn:
              virtual_ip: 10.0.0.1
              subnet: 10.0.0.0/24
              mtu: 100
              rotes: []
              unallowed_ports:
                - 22
                - 99999
            """);
        var inputs = new ConfigurationInputs
        {
            File = file,
            Environment = new Dictionary<string, string> { ["SUBNETVPN__VPN__PROTOCOL"] = "x", ["SUBNETVPN_OTHER"] = "not ours" },
            Overrides = ["vpn:strategies:tun=", "nothing"],
        };

        var exception = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(inputs));

        Assert.Equal(VpnErrorReason.Configuration, exception.Reason);
        Assert.True(exception.Mistakes.Count == 7, exception.Message);
        foreach (var line in new[]
        {
            $"{file}:3:3: 'listen' stands here twice: first in line 2.",
            $"{file}:7: vpn:mtu: '100': must be 576 to 9000.",
            $"{file}:8: vpn:rotes: '': is an unknown key. Did you mean 'routes'?",
            $"{file}:11: vpn:unallowed_ports:1: '99999': must be a port: 1 to 65535.",
            "SUBNETVPN__VPN__PROTOCOL: vpn:protocol: 'x': must be a protocol id",
            "--set: vpn:strategies:tun: '': must name a strategy",
            "  --set 'nothing': must be KEY=VALUE, such as vpn:mtu=1300.",
        })
            Assert.Contains(line, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongSyntax_TellsFileLineAndColumn()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("node.yaml", "vpn:\n  mtu: 1400\n virtual_ip: 10.0.0.1\n");

        var exception = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(new ConfigurationInputs { File = file }));

        Assert.StartsWith($"{file}:3:", exception.Message, StringComparison.Ordinal);
        Assert.Contains("not valid YAML: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("nowhere/node.yaml");

        var missing = Assert.Throws<VpnException>(() => ConfigurationLoader.Load(new ConfigurationInputs { File = file }));
        var aFolder = Assert.Throws<VpnException>(() => ConfigurationLoader.Load(new ConfigurationInputs { File = folder.FullPath }));

        Assert.Equal($"the configuration file {file} does not exist. Name another with --config FILE, or make one: subnetvpn init, or subnetvpn join TOKEN.", missing.Message);
        Assert.Equal(VpnErrorReason.Configuration, missing.Reason);
        Assert.Contains("it is a folder", aFolder.Message, StringComparison.Ordinal);
    }
}
