using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace SubnetVpn.Discovery.Dht.Records;

/// <summary>Reads messages of others, where nonsense is no surprise.</summary>
internal static class MessageParsing
{
    /// <summary>False for bytes that are no such message; the library itself throws for them.</summary>
    public static bool TryParse<T>(this MessageParser<T> parser, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out T? message) where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }
}
