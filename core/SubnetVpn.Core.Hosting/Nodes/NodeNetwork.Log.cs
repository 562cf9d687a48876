using Autofac;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Hosting.Configuration;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <content>What an operator is told of a network that does start.</content>
public sealed partial class NodeNetwork
{
    private const string ListedPeers = "static";

    // It is allowed, and of little use: whom the sources find is not let in.
    private static void WarnOfClosedNetwork(ILifetimeScope scope, NetworkConfiguration configuration)
    {
        var strategies = configuration.Strategies;
        if (configuration.Settings.NetworkKey is null && strategies.Registry is null && strategies.Discovery.Any(static name => name != ListedPeers))
            Log.Closed(scope.Resolve<ILoggerFactory>().CreateLogger<NodeNetwork>(), configuration.Name, string.Join(", ", strategies.Discovery.Where(static name => name != ListedPeers)), configuration.Path);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 20, Level = LogLevel.Warning,
            Message = "Network {Network} has neither a key nor a registry: whom {Source} finds is not let in, unless the source proves that it is a member. Make a key for all members (subnetvpn keygen --network --out FILE) and set {Path}:network_key, or set it to 'open' to let anyone in")]
        public static partial void Closed(ILogger logger, string network, string source, string path);
    }
}
