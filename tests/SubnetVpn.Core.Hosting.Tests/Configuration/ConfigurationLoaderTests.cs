using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void Load_AlmostNothing_GivesTheDefaults()
    {
        using var folder = new TemporaryFolder();

        var node = Load(folder, "vpn: {virtual_ip: 10.0.0.1}");

        var network = Assert.Single(node.Networks);
        Assert.Equal("default", network.Name);
        Assert.Equal([new TunAddress(VirtualIp.Parse("10.0.0.1"), 8)], network.Settings.Addresses);
        Assert.Equal((1400, 10, 2, 100, 100), (network.Settings.Mtu, network.Settings.MaxStreamsPerPeer, network.Settings.MinStreamsPerPeer, network.Settings.PacketBufferSize, network.Settings.WorkerBufferSize));
        Assert.Equal((300, 60), (network.Settings.StreamIdleTimeout.TotalSeconds, network.Settings.CleanupInterval.TotalSeconds));
        Assert.Equal((5, 60, 2), (network.Settings.Resilience.CircuitBreakerFailureThreshold, network.Settings.Resilience.CircuitBreakerResetTimeout.TotalSeconds, network.Settings.Resilience.CircuitBreakerSuccessThreshold));
        Assert.Equal((5, 1, 30), (network.Settings.Resilience.RetryMaxAttempts, network.Settings.Resilience.RetryInitialInterval.TotalSeconds, network.Settings.Resilience.RetryMaxInterval.TotalSeconds));
        Assert.Equal("/vpn/1.0.0", network.Settings.Protocol);
        Assert.Equal(("libp2p", "auto", "sticky", "polly"), (network.Strategies.Transport, network.Strategies.Tun, network.Strategies.Scheduler, network.Strategies.Resilience));
        Assert.Equal(["static"], network.Strategies.Discovery);
        Assert.Equal(folder.File("identity.key"), node.IdentityFile);
        Assert.Equal(["/ip4/0.0.0.0/tcp/4001", "/ip6/::/tcp/4001"], node.Listen);
        Assert.Equal(ControlSocketPath.Default, node.ControlSocket);
        Assert.Null(node.Plugins.Directory);
    }

    [Fact]
    public void Load_TheSeedsExample_Works()
    {
        using var folder = new TemporaryFolder();

        var node = Load(folder, """
            vpn:
              enable: true
              mtu: 1400
              virtual_ip: "10.0.0.1"
              subnet: "10.0.0.0/8"
              routes:
                - "10.0.0.0/8"
              unallowed_ports:
                - 22
                - "3306"
              max_streams_per_peer: 10
              stream_idle_timeout: 300      # 5 minutes
              cleanup_interval: 60          # 1 minute
              packet_buffer_size: 100
              circuit_breaker_failure_threshold: 5
              circuit_breaker_reset_timeout: 60
              circuit_breaker_success_threshold: 2
              retry_max_attempts: 5
              retry_initial_interval: 1
              retry_max_interval: 30
            """);

        var settings = Assert.Single(node.Networks).Settings;
        Assert.Equal(new HashSet<ushort> { 22, 3306 }, settings.UnallowedPorts);
        Assert.Equal([IpPrefix.Parse("10.0.0.0/8")], settings.Routes);
    }

    [Fact]
    public void Load_EveryKey_IsKnown()
    {
        using var folder = new TemporaryFolder();
        const string Keys = "enable mtu virtual_ip subnet routes unallowed_ports max_streams_per_peer min_streams_per_peer stream_idle_timeout "
            + "cleanup_interval packet_buffer_size worker_idle_timeout worker_buffer_size worker_cleanup_interval usage_count_weight "
            + "buffer_util_weight usage_count_threshold buffer_util_threshold multiplexing_enabled max_streams_per_multiplexer "
            + "min_streams_per_multiplexer auto_scaling_interval circuit_breaker_failure_threshold circuit_breaker_reset_timeout "
            + "circuit_breaker_success_threshold health_check_interval health_check_timeout max_consecutive_failures warm_interval "
            + "retry_max_attempts retry_initial_interval retry_max_interval protocol virtual_ip6 subnet6 tun_name strategies";

        var yaml = "vpn:\n" + string.Concat(Keys.Split(' ').Select(key => $"  {key}: {{wrong: 1}}\n"));
        var exception = Assert.Throws<ConfigurationException>(() => Load(folder, yaml));

        Assert.DoesNotContain(exception.Mistakes, mistake => mistake.Message.Contains("unknown", StringComparison.Ordinal) && mistake.Path != "vpn:strategies:wrong");
    }

    [Theory]
    [InlineData("8", "10.1.2.3", 8)]
    [InlineData("10.0.0.0/8", "10.1.2.3", 8)]
    [InlineData("31", "10.1.2.3", 31)]
    [InlineData("32", "10.1.2.3", 32)]
    public void Load_Subnet_TakesBothForms(string subnet, string address, int length)
    {
        using var folder = new TemporaryFolder();

        var node = Load(folder, $"vpn: {{virtual_ip: {address}, subnet: {subnet}}}");

        Assert.Equal(length, Assert.Single(node.Networks[0].Settings.Addresses).PrefixLength);
    }

    [Fact]
    public void Load_SeveralNetworks_HaveProtocolsOfTheirOwn()
    {
        using var folder = new TemporaryFolder();

        var node = Load(folder, """
            vpn: {virtual_ip: 10.0.0.1, subnet: 16}
            networks:
              office: {virtual_ip: 10.1.0.1, subnet: 16, virtual_ip6: "fd00:1::1"}
              lab: {virtual_ip: 10.2.0.1, subnet: 16, protocol: /lab/1.0.0}
              off: {enable: false, virtual_ip: nonsense}
            """);

        Assert.Equal(
            [("default", "vpn", "/vpn/1.0.0"), ("lab", "networks:lab", "/lab/1.0.0"), ("office", "networks:office", "/vpn/1.0.0/office")],
            node.Networks.Select(network => (network.Name, network.Path, network.Settings.Protocol)).OrderBy(network => network.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Load_Durations_InAllForms()
    {
        using var folder = new TemporaryFolder();

        var settings = Load(folder, "vpn: {virtual_ip: 10.0.0.1, stream_idle_timeout: 5m, cleanup_interval: 500ms, worker_idle_timeout: '00:00:30', worker_cleanup_interval: 3s}").Networks[0].Settings;

        Assert.Equal([300, 0.5, 30, 3], new[] { settings.StreamIdleTimeout, settings.CleanupInterval, settings.WorkerIdleTimeout, settings.WorkerCleanupInterval }.Select(time => time.TotalSeconds));
    }

    [Fact]
    public void Load_EnvironmentAndCommandLine_Override()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("node.yaml", "vpn: {virtual_ip: 10.0.0.1, mtu: 1300, tun_name: a, strategies: {discovery: [x]}}");

        var node = ConfigurationLoader.Load(new ConfigurationInputs
        {
            File = file,
            Environment = new Dictionary<string, string>
            {
                ["SUBNETVPN__VPN__MTU"] = "1200",
                ["SUBNETVPN__vpn__tun_name"] = "b",
                ["SUBNETVPN__VPN__STRATEGIES__DISCOVERY__1"] = "y",
                ["SUBNETVPN__NODE__IDENTITY"] = "other.key",
            },
            Overrides = ["vpn:tun_name=c", "control:socket=c.sock"],
        });

        var network = Assert.Single(node.Networks);
        Assert.Equal((1200, "c"), (network.Settings.Mtu, network.Settings.TunName));
        Assert.Equal(["x", "y"], network.Strategies.Discovery);
        Assert.Equal(folder.File("other.key"), node.IdentityFile);
        Assert.Equal(folder.File("c.sock"), node.ControlSocket);
    }

    [Fact]
    public void Load_SingleDiscovery_IsAListOfOne()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal(["dht"], Load(folder, "vpn: {virtual_ip: 10.0.0.1, strategies: {discovery: dht}}").Networks[0].Strategies.Discovery);
    }

    [Fact]
    public void Load_EmptyListen_OnlyDials()
    {
        using var folder = new TemporaryFolder();

        Assert.Empty(Load(folder, "node: {listen: []}\nvpn: {virtual_ip: 10.0.0.1}").Listen);
    }

    private static NodeConfiguration Load(TemporaryFolder folder, string yaml) =>
        ConfigurationLoader.Load(new ConfigurationInputs { File = folder.Write("node.yaml", yaml) });
}
