using SubnetVpn.Core.Configuration;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes.Reloading;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.TestKit.Lab;
using SubnetVpn.Tun;

namespace SubnetVpn.Core.Hosting.Tests.Configuration;

/// <summary>What the configuration of the original network got wrong: each fault has a test that would have caught it.</summary>
public sealed class OriginFaultTests : IDisposable
{
    // The configuration example of the original's own description, as it stands there.
    private const string Example = """
        vpn:
          enable: true
          mtu: 1400
          virtual_ip: "10.0.0.1"
          subnet: "10.0.0.0/8"
          routes:
            - "10.0.0.0/8"
          unallowed_ports:
            - 22
            - 3306

          # Stream settings
          max_streams_per_peer: 10
          stream_idle_timeout: 300      # 5 minutes
          cleanup_interval: 60          # 1 minute
          packet_buffer_size: 100       # Size of packet buffer for each stream

          # Circuit breaker settings
          circuit_breaker_failure_threshold: 5
          circuit_breaker_reset_timeout: 60    # 1 minute
          circuit_breaker_success_threshold: 2

          # Retry settings
          retry_max_attempts: 5
          retry_initial_interval: 1      # 1 second
          retry_max_interval: 30         # 30 seconds
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Example_OfTheDocumentation_IsTakenAndIsTheDefaults()
    {
        var settings = Load(Example).Settings;

        Assert.Equal([new TunAddress(VirtualIp.Parse("10.0.0.1"), 8)], settings.Addresses);
        Assert.Equal([IpPrefix.Parse("10.0.0.0/8")], settings.Routes);
        Assert.Equal([(ushort)22, (ushort)3306], settings.UnallowedPorts.Order());
        var defaults = new NetworkSettings { Addresses = settings.Addresses, Routes = settings.Routes, UnallowedPorts = settings.UnallowedPorts };
        Assert.Empty(NetworkKeys.Find("vpn", defaults, settings));
    }

    [Fact]
    public void Defaults_OfOptions_AreThoseOfTheSettingsAndBreakNoRule()
    {
        // The original's shipped defaults (idle 5, cleanup 5) broke its own rule.
        var settings = Load("vpn: {virtual_ip: 10.0.0.1}").Settings;

        Assert.Empty(NetworkKeys.Find("vpn", new NetworkSettings { Addresses = settings.Addresses }, settings));
    }

    [Fact]
    public void Defaults_ThatTheOriginalShipped_BreakARule()
    {
        var fault = Assert.Throws<ConfigurationException>(() => Load("vpn: {virtual_ip: 10.0.0.1, stream_idle_timeout: 5, cleanup_interval: 5}"));

        Assert.Contains("vpn:cleanup_interval: '00:00:05': must be shorter than stream_idle_timeout (00:00:05).", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validation_IsRunAtStart_AndNothingStarts()
    {
        // The original had rules, and never ran them.
        var file = _folder.Write("node.yaml", TestNodes.Alone("retry_max_interval: 1"));

        var result = await Exec.RunAsync(Repository.Daemon, "--config", file);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("vpn:retry_max_interval: '00:00:01': must be longer than retry_initial_interval (00:00:01).", result.Error, StringComparison.Ordinal);
        Assert.Equal(["node.yaml"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName));
    }

    [Fact]
    public void Validation_OfANetworkThatIsNotEnabled_StillReadsItsKeys()
    {
        // The original looked at nothing then.
        var fault = Assert.Throws<ConfigurationException>(() => Load("vpn: {virtual_ip: 10.0.0.1}\nnetworks: {later: {enable: false, mtu: big, rotes: []}}"));

        Assert.Equal(["networks:later:mtu", "networks:later:rotes"], fault.Mistakes.Select(mistake => mistake.Path));
    }

    [Theory]
    // In the original a duration with a unit silently became the default.
    [InlineData("30", 30)]
    [InlineData("30s", 30)]
    [InlineData("\"30\"", 30)]
    [InlineData("2m", 120)]
    [InlineData("00:00:30", 30)]
    public void Interval_InEitherUnit_MeansWhatItSays(string text, int seconds)
    {
        var settings = Load($"vpn: {{virtual_ip: 10.0.0.1, worker_cleanup_interval: {text}}}").Settings;

        Assert.Equal(TimeSpan.FromSeconds(seconds), settings.WorkerCleanupInterval);
    }

    [Theory]
    [InlineData("30 seconds")]
    [InlineData("30sec")]
    [InlineData("half a minute")]
    [InlineData("1.5")]
    public void Interval_InNone_IsAMistakeAndNotTheDefault(string text)
    {
        var fault = Assert.Throws<ConfigurationException>(() => Load($"vpn: {{virtual_ip: 10.0.0.1, worker_cleanup_interval: {text}}}"));

        Assert.Equal(("vpn:worker_cleanup_interval", text), (Assert.Single(fault.Mistakes).Path, fault.Mistakes[0].Value));
    }

    [Theory]
    // Keys that its examples and tests set, and nothing read.
    [InlineData("stream_cleanup_interval: 20")]
    [InlineData("max_workers: 1000")]
    [InlineData("buffer_pool_capacity: 100")]
    [InlineData("router: {enable: true}")]
    public void Key_ThatNothingReads_IsAMistake(string line)
    {
        var fault = Assert.Throws<ConfigurationException>(() => Load($"vpn: {{virtual_ip: 10.0.0.1, {line}}}"));

        Assert.Contains("is an unknown key.", Assert.Single(fault.Mistakes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage_count_weight: 0, buffer_util_weight: 0", "vpn:usage_count_weight: '0': must not be 0 together with buffer_util_weight")]
    [InlineData("min_streams_per_multiplexer: 6", "vpn:min_streams_per_multiplexer: '6': must not be above max_streams_per_multiplexer (5).")]
    [InlineData("min_streams_per_peer: 11", "vpn:min_streams_per_peer: '11': must not be above max_streams_per_peer (10).")]
    [InlineData("health_check_interval: 5", "vpn:health_check_timeout: '00:00:05': must be shorter than health_check_interval (00:00:05).")]
    [InlineData("worker_idle_timeout: 60", "vpn:worker_cleanup_interval: '00:01:00': must be shorter than worker_idle_timeout (00:01:00).")]
    [InlineData("stream_idle_timeout: 1m", "vpn:cleanup_interval: '00:01:00': must be shorter than stream_idle_timeout (00:01:00).")]
    [InlineData("retry_initial_interval: 30", "vpn:retry_max_interval: '00:00:30': must be longer than retry_initial_interval (00:00:30).")]
    [InlineData("mtu: 1279, virtual_ip6: 'fd00::1'", "vpn:mtu: '1279': must be at least 1280 with virtual_ip6")]
    [InlineData("subnet: 0.0.0.0/0", "vpn:subnet: '0.0.0.0/0': would be a default route")]
    public void Keys_ThatContradictOneAnother_AreOneMistake(string keys, string expected)
    {
        var fault = Assert.Throws<ConfigurationException>(() => Load($"vpn: {{virtual_ip: 10.0.0.1, {keys}}}"));

        Assert.StartsWith(expected, Assert.Single(fault.Mistakes).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    // A limit of the pool holds for multiplexers too: who lowers it need not lower theirs.
    [InlineData("max_streams_per_peer: 3")]
    [InlineData("max_streams_per_multiplexer: 50, min_streams_per_multiplexer: 20")]
    [InlineData("usage_count_weight: 0")]
    [InlineData("buffer_util_weight: 0")]
    public void Keys_ThatOnlySeemToContradict_AreNone(string keys) => Load($"vpn: {{virtual_ip: 10.0.0.1, {keys}}}");

    [Fact]
    public void Syntax_QuestionAtTheEnd_HasNoFullStop()
    {
        var fault = Assert.Throws<ConfigurationException>(() => Load("vpn:\n  routes: [10.0.0.0/8\nnode: {}\n"));

        Assert.EndsWith("?", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_OptionsOfPluginsThatNothingSelects_AreChecked()
    {
        var fault = Assert.Throws<ConfigurationException>(() => TestNodes.Plan(_folder, TestNodes.Alone(plugins: "transport.memory: { hbu: x }")));

        Assert.Equal("plugins:transport.memory:hbu", Assert.Single(fault.Mistakes).Path);
    }

    public void Dispose() => _folder.Dispose();

    private NetworkConfiguration Load(string yaml) => ConfigurationLoader.Load(new ConfigurationInputs { File = _folder.Write("node.yaml", yaml) }).Networks[0];
}
