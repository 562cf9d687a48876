using Microsoft.Extensions.Logging;

namespace SubnetVpn.Core.Plugins.Catalog;

public sealed partial class PluginCatalog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Loaded plugin {Plugin} {Version} from {File}")]
    private partial void LogLoaded(string plugin, string version, string file);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Plugin {Plugin} failed: {Reason}")]
    private partial void LogFailed(string plugin, string reason);
}
