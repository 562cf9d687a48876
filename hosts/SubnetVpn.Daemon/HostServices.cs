using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace SubnetVpn.Daemon;

/// <summary>Logging and metrics of the process.</summary>
internal static class HostServices
{
    public static ServiceProvider Make(LogLevel level)
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddLogging(builder => builder
            .SetMinimumLevel(level)
            // The web server tells every step of every request at debug; that drowns what the node tells.
            .AddFilter("Microsoft", level == LogLevel.Trace ? level : LogLevel.Warning)
            .AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
                options.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Enabled;
            }));
        // Standard output stays free for what a user asked for.
        services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        return services.BuildServiceProvider();
    }
}
