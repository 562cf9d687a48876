using Microsoft.Extensions.Logging;

namespace SubnetVpn.Transport.Memory;

public sealed partial class MemoryTransport
{
    [LoggerMessage(1, LogLevel.Error, "The handler of the stream {Stream} of the peer {PeerId} failed; the stream is reset.")]
    private partial void LogHandlerFailed(Exception exception, string stream, PeerId peerId);
}
