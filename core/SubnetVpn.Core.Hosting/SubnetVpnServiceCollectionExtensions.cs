using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Nodes;

namespace SubnetVpn.Core.Hosting;

/// <summary>Embeds a node in a .NET application.</summary>
public static class SubnetVpnServiceCollectionExtensions
{
    /// <summary>Adds a node that starts and stops with the application; <see cref="SubnetVpnNode"/> can be resolved.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="inputs">Where the node's configuration comes from.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>What is wrong with the configuration is told when the application starts, as a <see cref="VpnException"/>.</remarks>
    public static IServiceCollection AddSubnetVpn(this IServiceCollection services, ConfigurationInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return services.AddSubnetVpn(loggers => NodePlan.Make(inputs, loggers));
    }

    /// <summary>Adds a node that starts and stops with the application; <see cref="SubnetVpnNode"/> can be resolved.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">A section of the application's configuration with <c>node</c>, <c>vpn</c>, <c>plugins</c> and nothing else.</param>
    /// <param name="baseDirectory">Where relative paths count from; null for the folder of the executable.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddSubnetVpn(this IServiceCollection services, IConfiguration configuration, string? baseDirectory = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddSubnetVpn(loggers => NodePlan.Make(configuration, baseDirectory ?? AppContext.BaseDirectory, loggers));
    }

    private static IServiceCollection AddSubnetVpn(this IServiceCollection services, Func<ILoggerFactory, NodePlan> makePlan)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => makePlan(provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new SubnetVpnNode(provider.GetRequiredService<NodePlan>(), NodeServices.From(provider)));
        services.AddHostedService<SubnetVpnHostedService>();
        return services;
    }
}
