using Microsoft.Extensions.Logging;

namespace SubnetVpn.Registry.Static;

internal sealed partial class StaticRegistry
{
    [LoggerMessage(1, LogLevel.Information, "{File} was read again.")]
    private partial void LogReadAgain(string file);

    [LoggerMessage(2, LogLevel.Error, "The registry changed and is not used; what it said before holds. {Reason}")]
    private partial void LogNotUsed(string reason);
}
