using Microsoft.Extensions.Logging;

namespace SubnetVpn.Core.Streams;

internal sealed partial class StreamChannel
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 100, Level = LogLevel.Error, Message = "Writing to stream {Stream} of {PeerId} failed unexpectedly")]
        public static partial void WriterFailed(ILogger logger, Exception exception, string stream, PeerId peerId);

        [LoggerMessage(EventId = 101, Level = LogLevel.Error, Message = "Reading from stream {Stream} of {PeerId} failed unexpectedly")]
        public static partial void ReaderFailed(ILogger logger, Exception exception, string stream, PeerId peerId);
    }
}
