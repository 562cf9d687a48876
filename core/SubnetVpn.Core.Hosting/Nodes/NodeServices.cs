using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SubnetVpn.Core.Hosting.Nodes;

/// <summary>What a node takes from its process.</summary>
/// <param name="Loggers">Makes loggers; stays the caller's.</param>
/// <param name="Meters">Makes meters; stays the caller's.</param>
/// <param name="Time">The clock.</param>
public sealed record NodeServices(ILoggerFactory Loggers, IMeterFactory Meters, TimeProvider Time)
{
    /// <summary>Takes them from a container; the clock is the system's when there is none.</summary>
    /// <param name="services">A container with logging and metrics.</param>
    public static NodeServices From(IServiceProvider services) => new(
        services.GetRequiredService<ILoggerFactory>(),
        services.GetRequiredService<IMeterFactory>(),
        services.GetService<TimeProvider>() ?? TimeProvider.System);
}
