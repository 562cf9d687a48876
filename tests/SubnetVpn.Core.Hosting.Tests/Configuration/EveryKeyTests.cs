using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Tests.Support;
using SubnetVpn.Core.Plugins.Options;

namespace SubnetVpn.Core.Hosting.Tests.Configuration;

/// <summary>Every key of a network: a value that is taken, one of the wrong type, one out of range.</summary>
public sealed class EveryKeyTests
{
    private const string Whole = "must be a whole number.", Time = "must be a duration: ", Number = "must be a number.", Switch = "must be true or false.";
    private const string Positive = "must be longer than 0 and at most 24 days.";

    // key, good, what it means, bad type, its rule, out of range (null where every value of the type is in range), its rule
    public static TheoryData<string, string, string, string, string, string?, string?> Keys => new()
    {
        { "enable", "true", "", "yes", Switch, null, null },
        { "virtual_ip", "10.0.0.9", "", "ten", "must be an IPv4 address", "224.0.0.1", "must be a unicast address" },
        { "subnet", "16", "", "wide", "must be a CIDR", "0", "1 to 32" },
        { "virtual_ip6", "'fd00::9'", "", "ten", "must be an IPv6 address", "'ff02::1'", "must be a unicast address" },
        { "subnet6", "48", "", "wide", "must be a CIDR", "129", "1 to 128" },
        { "tun_name", "vpn9", "", "[a]", "must be a single value", "a-name-too-long1", "must be 1 to 15 bytes" },
        { "mtu", "1500", "Mtu = 1500", "big", Whole, "9001", "must be 576 to 9000." },
        { "routes", "[10.9.0.0/16]", "", "[far]", "must be a CIDR", "[0.0.0.0/0]", "a default route would" },
        { "unallowed_ports", "[22, '25']", "", "[ssh]", "must be a port: 1 to 65535.", "[0]", "must be a port: 1 to 65535." },
        { "protocol", "/x/1.0.0", "Protocol = /x/1.0.0", "{a: b}", "must be a single value", "x", "must be a protocol id" },
        { "network_key", "open", "NetworkKey = open", "[a]", "must be a single value", "/", "is a directory" },
        { "strategies", "{tun: memory}", "", "memory", "must be a map", "{tun: ''}", "must name a strategy" },
        { "max_streams_per_peer", "20", "MaxStreamsPerPeer = 20", "many", Whole, "101", "must be 1 to 100." },
        { "min_streams_per_peer", "3", "MinStreamsPerPeer = 3", "few", Whole, "0", "must be 1 to 100." },
        { "stream_idle_timeout", "90", "StreamIdleTimeout = 00:01:30", "long", Time, "25h25", Time },
        { "cleanup_interval", "30s", "CleanupInterval = 00:00:30", "30 seconds", Time, "0", Positive },
        { "packet_buffer_size", "500", "PacketBufferSize = 500", "1.5", Whole, "65537", "must be 1 to 65536." },
        { "worker_idle_timeout", "2m", "WorkerIdleTimeout = 00:02:00", "2min", Time, "600h", Positive },
        { "worker_buffer_size", "200", "WorkerBufferSize = 200", "x", Whole, "0", "must be 1 to 65536." },
        { "worker_cleanup_interval", "00:00:45", "WorkerCleanupInterval = 00:00:45", "-1", Time, "00:00:00.0000001", Positive },
        { "usage_count_weight", "'0.6'", "UsageCountWeight = 0.6", "heavy", Number, "1.1", "must be 0 to 1." },
        { "buffer_util_weight", "0.4", "BufferUtilWeight = 0.4", "0,4", Number, "-0.1", "must be 0 to 1." },
        { "usage_count_threshold", "50", "UsageCountThreshold = 50", "x", Whole, "0", "must be 1 to 1000000." },
        { "buffer_util_threshold", "70", "BufferUtilThreshold = 70", "70%", Whole, "101", "must be 1 to 100." },
        { "multiplexing_enabled", "false", "MultiplexingEnabled = False", "off", Switch, null, null },
        { "max_streams_per_multiplexer", "9", "MaxStreamsPerMultiplexer = 9", "x", Whole, "0", "must be 1 to 1000." },
        { "min_streams_per_multiplexer", "4", "MinStreamsPerMultiplexer = 4", "x", Whole, "0", "must be 1 to 1000." },
        { "auto_scaling_interval", "500ms", "AutoScalingInterval = 00:00:00.5000000", "x", Time, "0", Positive },
        { "circuit_breaker_failure_threshold", "10", "CircuitBreakerFailureThreshold = 10", "x", Whole, "0", "must be 1 to 1000." },
        { "circuit_breaker_reset_timeout", "120", "CircuitBreakerResetTimeout = 00:02:00", "x", Time, "0", Positive },
        { "circuit_breaker_success_threshold", "3", "CircuitBreakerSuccessThreshold = 3", "x", Whole, "-1", "must be 1 to 1000." },
        { "retry_max_attempts", "9", "RetryMaxAttempts = 9", "x", Whole, "0", "must be 1 to 1000." },
        { "retry_initial_interval", "2", "RetryInitialInterval = 00:00:02", "x", Time, "0", Positive },
        { "retry_max_interval", "1m", "RetryMaxInterval = 00:01:00", "x", Time, "0", Positive },
        { "health_check_interval", "15", "HealthCheckInterval = 00:00:15", "x", Time, "0", Positive },
        { "health_check_timeout", "3", "HealthCheckTimeout = 00:00:03", "x", Time, "0", Positive },
        { "max_consecutive_failures", "5", "MaxConsecutiveFailures = 5", "x", Whole, "0", "must be 1 to 1000." },
        { "warm_interval", "30", "WarmInterval = 00:00:30", "x", Time, "0", Positive },
    };

    public static IEnumerable<TheoryDataRow<string, string, string>> Ranges =>
        Keys.Select(row => row.Data).Where(row => row.Item6 is not null).Select(row => new TheoryDataRow<string, string, string>(row.Item1, row.Item6!, row.Item7!));

    [Fact]
    public void Table_HasEveryKey() =>
        Assert.Equal(StrictBinder.KeysOf(typeof(VpnOptions)).Order(StringComparer.Ordinal), Keys.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Keys))]
    public void Value_Good_IsTaken(string key, string good, string meaning, string badType, string typeRule, string? outOfRange, string? rangeRule)
    {
        var found = Load(key, good, out var settings);

        Assert.Equal([], found);
        Assert.Contains(meaning, settings, StringComparison.Ordinal);
        Assert.NotEqual(good, badType);
        Assert.NotEqual((typeRule, good), (rangeRule, outOfRange));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Value_OfTheWrongType_IsOneMistake(string key, string good, string meaning, string badType, string typeRule, string? outOfRange, string? rangeRule)
    {
        _ = (good, meaning, outOfRange, rangeRule);

        AssertTells(Assert.Single(Load(key, badType, out _)), key, typeRule);
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Value_OutOfRange_IsOneMistake(string key, string value, string rule) => AssertTells(Assert.Single(Load(key, value, out _)), key, rule);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_AllWrong_AreAllToldAtOnce(bool byType)
    {
        // `enable: yes` leaves the default, which is true, so that the others are checked.
        var wrong = Keys.Select(row => row.Data).Where(row => byType || row.Item6 is not null).ToDictionary(row => row.Item1, row => byType ? row.Item4 : row.Item6!);

        var found = Load(wrong, out _);

        foreach (var key in wrong.Keys)
            Assert.Contains(found, mistake => mistake.Path.StartsWith($"vpn:{key}", StringComparison.Ordinal));
        Assert.True(found.Count == wrong.Count, string.Join('\n', found));
    }

    private static void AssertTells(ConfigurationMistake mistake, string key, string rule)
    {
        Assert.StartsWith($"vpn:{key}", mistake.Path, StringComparison.Ordinal);
        Assert.Contains(rule, mistake.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", mistake.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ConfigurationMistake> Load(string key, string value, out string settings)
    {
        var keys = new Dictionary<string, string> { ["virtual_ip"] = "10.0.0.1" };
        if (key.EndsWith('6'))
            keys["virtual_ip6"] = "'fd00::1'";
        keys[key] = value;
        return Load(keys, out settings);
    }

    private static IReadOnlyList<ConfigurationMistake> Load(Dictionary<string, string> keys, out string settings)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("node.yaml", "vpn:\n" + string.Concat(keys.Select(pair => $"  {pair.Key}: {pair.Value}\n")));
        try
        {
            settings = ConfigurationLoader.Load(new ConfigurationInputs { File = file }).Networks[0].Settings.ToString();
            return [];
        }
        catch (ConfigurationException exception)
        {
            settings = "";
            return exception.Mistakes;
        }
    }
}
