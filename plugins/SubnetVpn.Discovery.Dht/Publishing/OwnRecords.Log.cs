using Microsoft.Extensions.Logging;

namespace SubnetVpn.Discovery.Dht.Publishing;

internal sealed partial class OwnRecords
{
    [LoggerMessage(1, LogLevel.Information, "Network {Network}: others find this node in the hash table by {Count} addresses; it can be dialled at {DialAddresses}.")]
    private static partial void LogPublished(ILogger logger, string network, int count, int dialAddresses);

    [LoggerMessage(2, LogLevel.Warning, "Network {Network}: no node of the hash table took our records; others cannot find us by it. It is tried again until one does.")]
    private static partial void LogNotPublished(ILogger logger, string network);
}
