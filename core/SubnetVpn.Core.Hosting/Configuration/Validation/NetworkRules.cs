using System.Globalization;
using System.Text;
using SubnetVpn.Core.Configuration;
using SubnetVpn.Resilience;
using SubnetVpn.Streams;

namespace SubnetVpn.Core.Hosting.Configuration.Validation;

/// <summary>Checks one network and converts it to what the packet path needs.</summary>
internal static class NetworkRules
{
    /// <summary>The name of the network under <c>vpn:</c>.</summary>
    public const string DefaultName = "default";

    private const string OriginalProtocol = "/vpn/1.0.0";
    private const string OwnProtocol = "/vpn/2.0.0";

    /// <summary>Checks and converts; the result is of use only when no mistake was added.</summary>
    public static NetworkSettings Read(string name, VpnOptions options, string baseDirectory, MistakeList mistakes)
    {
        var addresses = AddressRules.ReadAddresses(options, mistakes);
        var settings = new NetworkSettings
        {
            Name = name,
            Mtu = options.Mtu,
            Addresses = addresses,
            AutomaticSubnets = AddressRules.ReadAutomaticSubnets(name, options, mistakes),
            Routes = AddressRules.ReadRoutes(options, mistakes),
            TunName = options.TunName,
            UnallowedPorts = PortRules.Read(options, mistakes),
            Protocol = options.Protocol ?? (name == DefaultName ? OriginalProtocol : $"{OriginalProtocol}/{name}"),
            NetworkKey = NetworkKeyRules.Read(name, options.NetworkKey, baseDirectory, mistakes),
            MaxStreamsPerPeer = options.MaxStreamsPerPeer,
            MinStreamsPerPeer = options.MinStreamsPerPeer,
            StreamIdleTimeout = options.StreamIdleTimeout,
            CleanupInterval = options.CleanupInterval,
            PacketBufferSize = options.PacketBufferSize,
            WorkerIdleTimeout = options.WorkerIdleTimeout,
            WorkerBufferSize = options.WorkerBufferSize,
            WorkerCleanupInterval = options.WorkerCleanupInterval,
            HealthCheckInterval = options.HealthCheckInterval,
            HealthCheckTimeout = options.HealthCheckTimeout,
            MaxConsecutiveFailures = options.MaxConsecutiveFailures,
            WarmInterval = options.WarmInterval,
            Scheduling = new SchedulerSettings
            {
                UsageCountWeight = options.UsageCountWeight,
                BufferUtilWeight = options.BufferUtilWeight,
                UsageCountThreshold = options.UsageCountThreshold,
                BufferUtilThreshold = options.BufferUtilThreshold,
                MultiplexingEnabled = options.MultiplexingEnabled,
                MaxStreamsPerMultiplexer = options.MaxStreamsPerMultiplexer,
                MinStreamsPerMultiplexer = options.MinStreamsPerMultiplexer,
                AutoScalingInterval = options.AutoScalingInterval,
            },
            Resilience = new ResilienceSettings
            {
                CircuitBreakerFailureThreshold = options.CircuitBreakerFailureThreshold,
                CircuitBreakerResetTimeout = options.CircuitBreakerResetTimeout,
                CircuitBreakerSuccessThreshold = options.CircuitBreakerSuccessThreshold,
                RetryMaxAttempts = options.RetryMaxAttempts,
                RetryInitialInterval = options.RetryInitialInterval,
                RetryMaxInterval = options.RetryMaxInterval,
            },
        };
        CheckMtu(options, mistakes);
        CheckTunName(options.TunName, mistakes);
        CheckProtocol(settings.Protocol, mistakes);
        CheckStrategies(options.Strategies, mistakes);
        StreamRules.Check(options, mistakes);
        return settings;
    }

    private static void CheckMtu(VpnOptions options, MistakeList mistakes)
    {
        if (options.Mtu is < 576 or > 9000)
            mistakes.Add("mtu", options.Mtu, "must be 576 to 9000");
        else if (options.VirtualIp6 is not null && options.Mtu < 1280)
            mistakes.Add("mtu", options.Mtu, "must be at least 1280 with virtual_ip6: IPv6 needs that much (RFC 8200 section 5)");
    }

    private static void CheckTunName(string? name, MistakeList mistakes)
    {
        if (name is null)
            return;
        // Linux dev_valid_name(): fewer than 16 bytes, neither '.' nor '..', no '/', ':' or white space. '%' would be a pattern.
        var valid = Encoding.UTF8.GetByteCount(name) is > 0 and <= 15 && name is not ("." or "..")
            && !name.Any(c => char.IsWhiteSpace(c) || c is '/' or ':' or '%' or '\0');
        mistakes.Require(valid, "tun_name", name, "must be 1 to 15 bytes without '/', ':', '%' and spaces, such as vpn0");
    }

    private static void CheckProtocol(string protocol, MistakeList mistakes)
    {
        if (protocol.Length is < 2 or > 128 || protocol[0] != '/' || protocol.Any(c => c is <= ' ' or > '~'))
            mistakes.Add("protocol", protocol, "must be a protocol id such as /vpn/1.0.0: 2 to 128 visible ASCII characters, '/' first");
        else if (protocol == OwnProtocol || protocol.StartsWith(OwnProtocol + "/", StringComparison.Ordinal))
            mistakes.Add("protocol", protocol, $"names the original wire format and must not begin with {OwnProtocol}, which is the other one");
    }

    private static void CheckStrategies(StrategyOptions strategies, MistakeList mistakes)
    {
        const string None = "must name a strategy; 'subnetvpn plugins' lists them";
        mistakes.Require(strategies.Transport.Length > 0, "strategies:transport", strategies.Transport, None);
        mistakes.Require(strategies.Tun.Length > 0, "strategies:tun", strategies.Tun, None);
        mistakes.Require(strategies.Scheduler.Length > 0, "strategies:scheduler", strategies.Scheduler, None);
        mistakes.Require(strategies.Resilience.Length > 0, "strategies:resilience", strategies.Resilience, None);
        mistakes.Require(strategies.Registry is not "", "strategies:registry", string.Empty, $"{None}, or be left out");
        mistakes.Require(strategies.Discovery.Count > 0, "strategies:discovery", string.Empty, "must name at least one strategy, such as [static]");
        for (var i = 0; i < strategies.Discovery.Count; i++)
        {
            var name = strategies.Discovery[i];
            var key = string.Create(CultureInfo.InvariantCulture, $"strategies:discovery:{i}");
            mistakes.Require(name.Length > 0, key, name, None);
            mistakes.Require(strategies.Discovery.Take(i).All(other => other != name), key, name, "stands in the list twice");
        }
    }
}
